import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { deferred } from '../../../src/base/index.js';
import { Beat, type BeatSchedule, crontab, every, memoryEntryStore } from '../../../src/beat/index.js';
import { Celery } from '../../../src/toolbox/index.js';
import { createWorker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRedis, type RedisPlace } from '../../support/redis.js';

const folder = dirname(fileURLToPath(import.meta.url));
const absent = celeryPython() === undefined;

/** Starts a program of Celery; calls back with its lines. */
function peer(place: RedisPlace, args: readonly string[], onLine: (line: string) => void): void {
  const child = spawn(celeryPython() ?? 'python3', ['-m', 'celery', '-A', 'beat_peer', ...args], {
    cwd: folder,
    env: { ...process.env, BROKER_URL: place.url, PREFIX: place.prefix, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: child.stdout }).on('line', onLine);
  onTestFinished(() => void child.kill('SIGKILL'));
}

function makeApp(place: RedisPlace, beat_schedule: BeatSchedule = {}): Celery {
  const app = new Celery('export', {
    settings: {
      broker_url: place.url,
      broker_transport_options: { global_keyprefix: place.prefix },
      task_default_queue: 'msg',
      beat_schedule,
    },
  });
  onTestFinished(() => app.close());
  return app;
}

describeRedis(`beat beside Python's${absent ? ` (${NO_PYTHON})` : ''}`, (place) => {
  test.skipIf(absent)('what our beat sends, a Python worker runs', { timeout: 60_000 }, async () => {
    const call = { task: 'msg.from_typescript', args: [1, 'ä'], kwargs: { deep: { list: [null] } } };
    const app = makeApp(place(), {
      often: { ...call, schedule: every(0.5), options: { expires: 60 } },
      never: { ...call, schedule: crontab('0 0 29 2 *') },
    });
    const ran = deferred<string>();
    peer(
      place(),
      ['worker', '-P', 'solo', '-l', 'error'],
      (line) => line.startsWith('RAN') && ran.resolve(line),
    );
    const beat = new Beat(app, { store: memoryEntryStore() });
    await beat.start();
    onTestFinished(() => beat.stop());
    expect(await ran.promise).toMatch(
      /^RAN [0-9a-f-]{36} \(1, 'ä'\) {'deep': {'list': \[None\]}} True True$/,
    );
  });

  test.skipIf(absent)("what Python's beat sends, our worker runs", { timeout: 60_000 }, async () => {
    const data = await mkdtemp(join(tmpdir(), 'beat-'));
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const app = makeApp(place());
    const ran = deferred<readonly unknown[]>();
    app.task('msg.from_python', { bind: true }, (task, text: string) =>
      ran.resolve([text, task.request.id.length]),
    );
    const worker = createWorker(app, { queues: ['msg'] });
    await worker.start();
    onTestFinished(() => worker.stop());
    peer(place(), ['beat', '-s', join(data, 'schedule'), '--pidfile='], () => undefined);
    expect(await ran.promise).toEqual(['ä', 36]);
  });
});
