import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_REDIS, startRedis } from '../support/redis.js';
import { appFolder } from './support/app-folder.js';
import { cli } from './support/cli.js';
import { sqsSystem } from './support/sqs-system.js';

const app = (settings: string): string => `
import { Celery, Config } from 'cadasta-workertoolbox';
export const app = new Celery('checked').configFromObject(new Config({ broker_url: 'memory://', ${settings} }));
app.task('geo.area', () => 1);
`;

describe('check', async () => {
  const system = await sqsSystem();

  test('a conforming app against servers that are there', async () => {
    const { code, out, err } = await system.run('check', '--database');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('✔ the broker can be reached and every queue declared\n');
    expect(out).toContain(
      '✔ the result backend can be used\n✔ the task table can be read\nThe app conforms.\n',
    );
  });

  test('--json gives the findings as data', async () => {
    const { code, out } = await system.run('check', '--json', '--producer');
    const findings = JSON.parse(out) as { check: string; ok: boolean }[];
    expect(code).toBe(0);
    expect(findings.every(({ ok }) => ok)).toBe(true);
    expect(findings.map(({ check }) => check)).not.toContain('a worker can be made');
  });

  test('servers that are away are findings like any other', async () => {
    const { code, out } = await cli(['check', '-b', 'sqs://k:canary-7h3@127.0.0.1:1'], { env: system.env });
    expect(code).toBe(1);
    expect(out).toMatch(/✘ the broker can be reached and every queue declared\n {4}SQS .*ECONNREFUSED/);
    expect(out).toContain('✔ the result backend can be used');
    expect(out).toContain('1 of 11 checks failed.');
    expect(out).not.toContain('canary-7h3');
  });

  test.each([
    [
      'a task without a queue',
      "QUEUES: ['msg']",
      'task geo.area would reach queues platform.fifo, expected one work queue',
      'Name "geo" in QUEUES',
    ],
    [
      'a default queue of another name',
      "QUEUES: ['geo'], task_default_queue: 'mine'",
      'task_default_queue is "mine", expected "celery"',
      'leave this setting out',
    ],
    [
      'another platform queue',
      "QUEUES: ['geo'], PLATFORM_QUEUE_NAME: 'platform'",
      'PLATFORM_QUEUE_NAME is "platform", expected "platform.fifo"',
      'leave this setting out',
    ],
    [
      'routes of its own',
      "QUEUES: ['geo'], task_routes: { 'geo.*': { queue: 'celery' } }",
      'task geo.anything would reach queues celery',
      'leave task_queues, task_routes and task_default_exchange to the Config',
    ],
  ])('%s: says what to change, without any server', async (_name, settings, found, remedy) => {
    const cwd = await appFolder({ 'app.mjs': app(settings) });
    const { code, out, err } = await cli(['-A', 'app.mjs', 'check', '--offline'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const problem = out
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .join('\n');
    expect(problem).toContain(found);
    expect(problem).toContain(remedy);
    expect(out).toMatch(/\d of 9 checks failed\.\n$/);
  });

  test.skipIf(process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined)(
    `warns of a Redis that would drop messages (${NO_REDIS})`,
    async () => {
      const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
      onTestFinished(() => redis.kill());
      const cwd = await appFolder({ 'app.mjs': app("QUEUES: ['geo']") });
      const broker = ['-A', 'app.mjs', '-b', redis.url];
      const { code, out } = await cli([...broker, 'check', '--producer'], { cwd });
      expect(code).toBe(0);
      expect(out).toMatch(
        /✔ the broker can be reached.*\n {4}! Redis evicts keys.*noeviction\n {4}! .*appendonly/,
      );
      const json = await cli([...broker, 'check', '--producer', '--json'], { cwd });
      const findings = JSON.parse(json.out) as { warnings?: string[] }[];
      expect(findings.flatMap(({ warnings = [] }) => warnings)).toHaveLength(2);
    },
  );
});
