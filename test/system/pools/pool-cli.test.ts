import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Celery, createControl } from '../../../src/index.js';
import { describeRedis, type RedisPlace } from '../../support/redis.js';
import { sentryServer } from '../../support/sentry-server.js';
import { appFolder } from '../support/app-folder.js';
import { type Running, startHere } from '../support/cli.js';

const APP = `
import { setTimeout as delay } from 'node:timers/promises';
import { Celery, type Signals } from 'cadasta-workertoolbox';
export const app: Celery = new Celery('typed');
let runs: number = 0;
const started: Signals['worker_process_init'][] = [];
app.signals.on('worker_process_init', (child) => void started.push(child));
app.task('runs', () => ({ runs: (runs += 1), started: started.length, pid: process.pid }));
app.task('fail', (text: string) => { throw new TypeError(text); });
app.task('say', { bind: true }, (task, text: string) => task.logger.warn({ more: 1 }, text));
app.task('spin', () => { for (;;); });
app.task('wait', { bind: true }, async (task, ms: number) => {
  task.logger.info({}, 'waits');
  await delay(ms);
  return 'waited';
});
app.task('call', async () => (await app.send({ task: 'runs', args: [], kwargs: {}, options: {} })).id);
`;

describeRedis('a pool by the command line, from TypeScript', (place) => {
  describe.each(['threads', 'prefork'] as const)('-P %s', { timeout: 60_000 }, (name) => {
    test('runs tasks, reports their errors, replaces children, ends what takes too long', async () => {
      const sentry = await sentryServer();
      onTestFinished(sentry.close);
      const { app, worker } = await system(place(), ['-P', name, '-c', '1', '--max-tasks-per-child', '2'], {
        SENTRY_DSN: sentry.dsn,
      });
      const counts = [];
      for (let i = 0; i < 3; i += 1) counts.push(await run<Counts>(app, 'runs'));
      expect(counts.map(({ runs, started }) => [runs, started])).toEqual([
        [1, 1],
        [2, 1],
        [1, 1],
      ]);
      expect(new Set(counts.map(({ pid }) => pid)).size).toBe(name === 'prefork' ? 2 : 1);
      expect(counts.every(({ pid }) => (pid === worker.pid) === (name === 'threads'))).toBe(true);

      const said = await app.send({ task: 'say', args: ['hear'], kwargs: {}, options: {} });
      await said.get({ timeout: 20 });
      expect(await worker.line(/hear/)).toMatch(
        new RegExp(`WARNING/typed\\] say\\[${said.id}\\]: hear +worker=\\S+ more=1`),
      );

      const called = await run<string>(app, 'call');
      expect(await app.asyncResult(called).get({ timeout: 20 })).toMatchObject({ pid: expect.any(Number) });

      await expect(run(app, 'spin', [], { time_limit: 0.5 })).rejects.toThrow('TimeLimitExceeded');
      await expect(run(app, 'fail', ['no such parcel'])).rejects.toThrow('no such parcel');
      worker.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
      const reported = sentry.events().map(({ tags, exception: { values } }) => [tags.task, values[0]?.type]);
      expect(reported).toEqual([
        ['spin', 'TimeLimitExceeded'],
        ['fail', 'TypeError'],
      ]);
    });

    test('follows the work, ends a task by command, and stops warmly', async () => {
      const { app, worker } = await system(place(), ['-P', name, '--autoscale', '2,1', '-n', 'w1@here']);
      const control = createControl(app);
      const pool = async (): Promise<Stats['pool'] | undefined> =>
        Object.values(await control.broadcast<Stats>('stats', {}, { limit: 1 }))[0]?.pool;
      expect((await pool())?.['max-concurrency']).toBe(1);
      const spinning = await app.send({ task: 'spin', args: [], kwargs: {}, options: {} });
      const waiting = await app.send({ task: 'wait', args: [3_000], kwargs: {}, options: {} });
      await worker.line(/waits/);
      expect((await pool())?.['max-concurrency']).toBe(2);
      await control.revoke(spinning.id, { terminate: true });
      await expect(spinning.get({ timeout: 20 })).rejects.toThrow('terminated');
      const { processes = [] } = (await pool()) ?? {};
      worker.kill('SIGTERM');
      expect(await waiting.get({ timeout: 20 })).toBe('waited');
      expect(await worker.ended).toMatchObject({ code: 0 });
      for (const pid of processes) expect(existsSync(`/proc/${pid}`)).toBe(false);
    });
  });

  test('an app that cannot be loaded in a process ends the worker with its reason', async () => {
    const { worker } = await startWorker(place(), ['-P', 'prefork', '-c', '1'], {
      'app.ts': `${APP}\nif (process.argv[1]?.includes('process-main')) throw new Error('not in a process');`,
    });
    const { code, err } = await worker.ended;
    expect(code).toBe(2);
    expect(err).toContain('not in a process');
  });
});

interface Counts {
  readonly runs: number;
  readonly started: number;
  readonly pid: number;
}

interface Stats {
  readonly pool: { readonly 'max-concurrency': number; readonly processes: readonly number[] };
}

/** The result of a call. */
async function run<T>(
  app: Celery,
  task: string,
  args: readonly unknown[] = [],
  options: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  return (await app.send<T>({ task, args, kwargs: {}, options })).get({ timeout: 20 });
}

interface Place {
  readonly app: Celery;
  readonly worker: Running;
}

/** A worker on queues of its own that is ready, and an app to send from. */
async function system(
  redis: RedisPlace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const started = await startWorker(redis, args, { 'app.ts': APP }, env);
  await started.worker.line(/ready/);
  return started;
}

async function startWorker(
  redis: RedisPlace,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const settings = {
    broker_url: redis.url,
    result_backend: redis.url,
    broker_transport_options: { global_keyprefix: `${redis.prefix}${randomUUID().slice(0, 4)}:` },
    worker_proc_alive_timeout: 30,
  };
  const configured = `${files['app.ts']}\napp.configFromObject(${JSON.stringify(settings)});\n`;
  const cwd = await appFolder({ 'app.ts': configured, 'package.json': '{ "type": "module" }' });
  const worker = startHere(['-A', 'app.ts', 'worker', ...args], { cwd, env });
  const app = new Celery('sender').configFromObject(settings);
  onTestFinished(() => app.close());
  return { app, worker };
}
