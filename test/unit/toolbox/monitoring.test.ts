import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { defineTask } from '../../../src/app/index.js';
import { workerMonitoring } from '../../../src/toolbox/index.js';
import { PrometheusText } from '../../../src/toolbox/monitoring/prometheus.js';
import { WorkerHealth } from '../../../src/toolbox/monitoring/worker-health.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { ManualClock } from '../worker/support/manual-clock.js';
import { place } from '../worker/support/place.js';

let worker: Worker | undefined;
afterEach(() => worker?.stop({ deadlineMs: 0 }));

interface Families {
  readonly [name: string]: {
    readonly type: string;
    readonly samples: readonly (readonly [name: string, labels: Record<string, string>, value: number])[];
  };
}

const parsed = (text: string): Families =>
  JSON.parse(
    execFileSync(String(celeryPython()), [new URL('support/read_metrics.py', import.meta.url).pathname], {
      input: text,
      encoding: 'utf8',
    }),
  ) as Families;

test('a worker answers probes, and Prometheus reads its metrics', async (context) => {
  if (celeryPython() === undefined) context.skip(NO_PYTHON);
  const { app } = place();
  const quoted = 'odd "name"\\\n';
  defineTask(app, quoted, () => 'done');
  defineTask(app, 'fail', () => {
    throw new Error('no');
  });
  worker = createWorker(app, { hostname: 'w1@here', extensions: [workerMonitoring({ port: 0 })] });
  await worker.start();
  const base = `http://127.0.0.1:${String(worker.info().steps.monitoring?.port)}`;
  const ended = new Promise<void>((resolve) => app.signals.on('task_failure', () => resolve()));
  await app.send({ task: quoted, args: [], kwargs: {}, options: {} });
  await app.send({ task: 'fail', args: [], kwargs: {}, options: {} });
  await ended;
  const live = await fetch(`${base}/live`);
  expect(live.status).toBe(200);
  expect(await live.json()).toMatchObject({ status: 'ok', worker: 'w1@here', state: 'running', reasons: [] });
  expect((await fetch(`${base}/ready?x=1`)).status).toBe(200);
  expect((await fetch(`${base}/nothing`)).status).toBe(404);
  expect((await fetch(`${base}/live`, { method: 'POST' })).status).toBe(405);
  const metrics = await fetch(`${base}/metrics`);
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
  const families = parsed(await metrics.text());
  const labels = { worker: 'w1@here', task: quoted };
  expect(families['flower_task_runtime_seconds']?.samples).toContainEqual([
    'flower_task_runtime_seconds_count',
    labels,
    1,
  ]);
  expect(families['flower_events']?.samples).toContainEqual([
    'flower_events_total',
    { worker: 'w1@here', type: 'task-failed', task: 'fail' },
    1,
  ]);
  expect(families['workertoolbox_tasks']?.samples).toContainEqual([
    'workertoolbox_tasks_total',
    { ...labels, outcome: 'success' },
    1,
  ]);
  expect(families['flower_worker_online']?.samples).toEqual([
    ['flower_worker_online', { worker: 'w1@here' }, 1],
  ]);
  await worker.stop();
  await expect(fetch(`${base}/live`)).rejects.toThrow();
});

test('a port that is taken is named', async () => {
  const { app } = place();
  worker = createWorker(app, { extensions: [workerMonitoring({ port: 0 })] });
  await worker.start();
  const port = Number(worker.info().steps.monitoring?.port);
  const second = createWorker(place().app, { extensions: [workerMonitoring({ port })] });
  await expect(second.start()).rejects.toMatchObject({ code: 'CONFIG_INVALID', fields: { port } });
});

test('histograms are cumulative', () => {
  const text = new PrometheusText();
  text
    .family('h', 'histogram', 'help')
    .histogram({}, { bounds: [1, 2], counts: [3, 0, 1], sum: 9.5, count: 4, last: 5 });
  expect(String(text).split('\n').slice(2, -1)).toEqual([
    'h_bucket{le="1"} 3',
    'h_bucket{le="2"} 3',
    'h_bucket{le="+Inf"} 4',
    'h_sum 9.5',
    'h_count 4',
  ]);
});

describe('health', () => {
  const bench = () => {
    const clock = new ManualClock();
    const facts = { state: 'running' as Worker['state'], last_poll: 0, results_away: false };
    const subject = {
      hostname: 'w',
      get state() {
        return facts.state;
      },
      info: () => ({
        active: [],
        steps: { consumer: { last_poll: facts.last_poll, results_away: facts.results_away } },
      }),
    } as unknown as Worker;
    return { clock, facts, health: new WorkerHealth(subject, clock, 1_000) };
  };

  test('is lost by silence, and won back by a sign of life', async () => {
    const { clock, facts, health } = bench();
    expect(health.live().ok).toBe(true);
    await clock.advance(1_001);
    expect(health.live()).toMatchObject({ ok: false, silence_ms: 1_001 });
    expect(health.ready().ok).toBe(false);
    facts.last_poll = 1_001;
    expect(health.live().ok).toBe(true);
    // A connection that is gone tells of no sign: the last one counts.
    facts.last_poll = 0;
    expect(health.live()).toMatchObject({ ok: true, silence_ms: 0 });
  });

  test('a worker that starts or stops is alive, not ready; one that failed is neither', async () => {
    const { clock, facts, health } = bench();
    await clock.advance(5_000);
    for (const state of ['starting', 'stopping'] as const) {
      facts.state = state;
      expect([health.live().ok, health.ready().ok]).toEqual([true, false]);
    }
    facts.state = 'failed';
    expect(health.live().ok).toBe(false);
  });

  test('without its result store a worker is alive, not ready', () => {
    const { facts, health } = bench();
    facts.results_away = true;
    expect([health.live().ok, health.ready().ok]).toEqual([true, false]);
  });
});
