import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type CallOptions,
  defineTask,
  type SettingsInput,
  type SignatureData,
} from '../../../src/app/index.js';
import type { Consumption, Delivery } from '../../../src/messaging/index.js';
import {
  createWorker,
  type QuarantinedMessage,
  type Worker,
  type WorkerOptions,
} from '../../../src/worker/index.js';
import { eventually, ManualClock, settled } from './support/manual-clock.js';
import { type Place, place, unreachable } from './support/place.js';

const clock = new ManualClock();
let here: Place;
let worker: Worker;
let quarantined: QuarantinedMessage[];

function make(options: WorkerOptions = {}, settings: SettingsInput = {}): void {
  here = place({ settings, clock });
  quarantined = [];
  worker = createWorker(here.app, {
    concurrency: 2,
    // It waits by the clock, which stands still here.
    mingle: false,
    quarantine: { put: async (message) => void quarantined.push(message) },
    ...options,
  });
}
afterEach(async () => {
  here.storeFailure = undefined;
  const stopping = worker.stop({ deadlineMs: 0 });
  await clock.advance(5_000);
  await stopping;
  await here.app.close();
});

const send = async (task: string, options: CallOptions = {}): Promise<string> =>
  (await here.app.send({ task, args: [], kwargs: {}, options })).id;
const state = async (id: string): Promise<string | undefined> =>
  (await (await here.app.backend())?.get([id]))?.[0]?.status;
const size = async (): Promise<number> => here.transport().size('celery');

async function publish(headers: Record<string, unknown>, times = 1): Promise<void> {
  const broker = await here.app.broker();
  await broker.declare(here.app.queues);
  const body = new TextEncoder().encode('[[], {}, null]');
  const message = {
    body,
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers,
    properties: {},
  };
  for (let i = 0; i < times; i += 1) await broker.publish(message, { exchange: '', routingKey: 'celery' });
}

/** Takes a message and gives it back, so many times. */
async function bounce(times: number): Promise<void> {
  let left = times;
  let consumption: Consumption | undefined;
  await new Promise<void>((resolve) => {
    const onDelivery = (delivery: Delivery): void => {
      left -= 1;
      void delivery.release().then(() => left === 0 && resolve());
      if (left === 0) void consumption?.stop();
    };
    void here.app
      .broker()
      .then((broker) => broker.consume({ queues: here.app.queues, prefetch: 1, onDelivery }))
      .then((running) => {
        consumption = running;
      });
  });
  await consumption?.stop();
}

describe('while the result store is away', () => {
  test('fetching pauses, nothing is acknowledged, and everything is stored once when it is back', async () => {
    make({ concurrency: 1, prefetchMultiplier: 2 });
    let runs = 0;
    defineTask(here.app, 'work', () => {
      runs += 1;
    });
    await worker.start();
    here.storeFailure = unreachable('RESULT_BACKEND_UNREACHABLE');
    const ids: string[] = [];
    for (let i = 0; i < 10; i += 1) ids.push(await send('work'));
    await clock.advance(60_000);
    expect(runs).toBeLessThanOrEqual(2);
    expect(await size()).toBe(10 - runs);
    expect(worker.info().steps.consumer).toMatchObject({ results_away: true, pending: runs });
    here.storeFailure = undefined;
    await clock.advance(5_000);
    await eventually(clock, () => worker.info().counts.outcomes.success === 10);
    expect(runs).toBe(10);
    for (const id of ids) expect(await state(id)).toBe('SUCCESS');
    expect(await size()).toBe(0);
    expect(worker.info().counts.outcomes).toMatchObject({ success: 10, returned: 0 });
  });

  test('a stop gives back what could not be stored', async () => {
    make();
    defineTask(here.app, 'work', () => 1);
    await worker.start();
    here.storeFailure = unreachable('RESULT_BACKEND_UNREACHABLE');
    await send('work');
    await clock.advance(1_000);
    const stopping = worker.stop({ deadlineMs: 1_000 });
    await clock.advance(5_000);
    await stopping;
    expect(await size()).toBe(1);
    expect(worker.info().counts.outcomes).toMatchObject({ success: 0, returned: 1 });
  });

  test('a STARTED that cannot be stored neither delays nor fails the task', async () => {
    make({}, { task_track_started: true, task_ignore_result: false });
    let ran = false;
    defineTask(here.app, 'work', () => {
      ran = true;
    });
    await worker.start();
    here.storeFailure = unreachable('RESULT_BACKEND_UNREACHABLE');
    const id = await send('work');
    await settled();
    expect(ran).toBe(true);
    here.storeFailure = undefined;
    await clock.advance(5_000);
    expect(await state(id)).toBe('SUCCESS');
  });

  test('a task that is acknowledged early keeps its message until STARTED is stored', async () => {
    make({}, { task_track_started: true, task_acks_late: false });
    let ran = false;
    defineTask(here.app, 'work', () => {
      ran = true;
    });
    await worker.start();
    here.storeFailure = unreachable('RESULT_BACKEND_UNREACHABLE');
    const id = await send('work');
    await settled();
    expect(ran).toBe(false);
    expect(worker.info().steps.consumer).toMatchObject({ pending: 1 });
    here.storeFailure = undefined;
    await clock.advance(5_000);
    expect(ran).toBe(true);
    expect(await state(id)).toBe('SUCCESS');
  });
});

describe('what STARTED says', () => {
  test.each([
    [true, { task_acks_late: true }, {}],
    [true, { task_acks_late: false }, { heartbeat: false } as const],
    [false, { task_acks_late: false }, {}],
  ])(
    'of a task that may come again, or of a worker without heartbeats, is what Celery says: %s',
    async (plain, settings, options) => {
      make(options, { task_track_started: true, ...settings });
      let end = (): void => undefined;
      defineTask(here.app, 'work', () => new Promise<void>((resolve) => (end = resolve)));
      await worker.start();
      const id = await send('work');
      await settled();
      const [meta] = (await (await here.app.backend())?.get([id])) ?? [];
      const celery = { pid: process.pid, hostname: worker.hostname };
      const alone = {
        acks_late: false,
        freq: 2,
        instance: expect.stringMatching(/^[0-9a-f]{8}\..{36}$/) as string,
      };
      expect(meta?.result).toEqual(plain ? celery : { ...celery, ...alone });
      end();
      await settled();
    },
  );
});

describe('messages that come again and again', () => {
  /** As a worker leaves it that begins what was delivered before. */
  const begun = async (taskId: string): Promise<void> => {
    const backend = await here.app.backend();
    await backend?.store({ taskId, status: 'STARTED', result: {}, traceback: null });
  };

  test('are given up after five deliveries, on record and in quarantine', async () => {
    make();
    let runs = 0;
    defineTask(here.app, 'work', () => {
      runs += 1;
    });
    const id = await send('work');
    await begun(id);
    await bounce(5);
    await worker.start();
    await settled();
    expect(runs).toBe(0);
    expect(quarantined).toMatchObject([{ code: 'deliveries', headers: { id } }]);
    const meta = (await (await here.app.backend())?.get([id]))?.[0];
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'WorkerLostError', exc_module: 'billiard.exceptions' },
      traceback: null,
    });
    expect(await size()).toBe(0);
  });

  test('run as long as they may', async () => {
    make();
    defineTask(here.app, 'work', () => 'done');
    const id = await send('work');
    await bounce(4);
    await worker.start();
    await settled();
    expect(await state(id)).toBe('SUCCESS');
    expect(quarantined).toEqual([]);
  });

  test('stay where they are when quarantine cannot take them', async () => {
    make({ quarantine: { put: () => Promise.reject(new Error('full')) } });
    defineTask(here.app, 'work', () => 'done');
    const id = await send('work');
    await begun(id);
    await bounce(5);
    await worker.start();
    await settled();
    await worker.stop({ deadlineMs: 0 });
    expect(await state(id)).toBe('STARTED');
    expect(await size()).toBe(1);
  });

  test('are run however often they came, while nobody has begun them', async () => {
    make();
    defineTask(here.app, 'work', () => 'done');
    const id = await send('work');
    await bounce(9);
    await worker.start();
    await settled();
    expect(await state(id)).toBe('SUCCESS');
    expect(quarantined).toEqual([]);
  });
});

describe('tasks with an ETA', () => {
  const eta = (ms: number): string => new Date(clock.now() + ms).toISOString();

  test('far ahead: the broker holds them, and they run at their time', async () => {
    make();
    const ran: number[] = [];
    defineTask(here.app, 'work', () => void ran.push(clock.now()));
    await worker.start();
    const due = clock.now() + 60_500;
    await publish({ task: 'work', id: randomUUID(), eta: eta(60_500) });
    await eventually(clock, () => worker.info().counts.outcomes.postponed === 1);
    expect(worker.info()).toMatchObject({ scheduled: [], counts: { outcomes: { postponed: 1 } } });
    await clock.advance(60_400);
    expect(ran).toEqual([]);
    await clock.advance(1_000);
    expect(ran).toHaveLength(1);
    expect(ran[0]).toBeGreaterThanOrEqual(due);
  });

  test('soon: they are held here, in a window of their own', async () => {
    make({ concurrency: 1, prefetchMultiplier: 2 });
    const ran: string[] = [];
    defineTask(here.app, 'later', () => void ran.push('later'));
    defineTask(here.app, 'now', () => void ran.push('now'));
    await worker.start();
    for (let i = 0; i < 9; i += 1) await publish({ task: 'later', id: randomUUID(), eta: eta(4_000) });
    await publish({ task: 'now', id: randomUUID() });
    await eventually(clock, () => ran.length === 1 && worker.info().scheduled.length === 9);
    expect(ran).toEqual(['now']);
    expect(worker.info().scheduled).toHaveLength(9);
    await clock.advance(4_000);
    await eventually(clock, () => ran.length === 10);
    expect(ran).toHaveLength(10);
    expect(worker.info().steps.consumer).toMatchObject({ prefetch_count: 2 });
  });

  test('more than are held: the broker holds the others', async () => {
    make({ etaLimit: 3, concurrency: 1, prefetchMultiplier: 2 });
    let runs = 0;
    defineTask(here.app, 'work', () => {
      runs += 1;
    });
    await worker.start();
    for (let i = 0; i < 10; i += 1) await publish({ task: 'work', id: randomUUID(), eta: eta(4_000) });
    await eventually(clock, () => worker.info().counts.outcomes.postponed >= 7);
    expect(worker.info().scheduled).toHaveLength(3);
    await eventually(clock, () => runs === 10, 10_000);
    expect(runs).toBe(10);
    expect(worker.info().counts.outcomes.postponed).toBeGreaterThanOrEqual(7);
  });

  test('a stop gives them back', async () => {
    make();
    defineTask(here.app, 'work', () => 1);
    await worker.start();
    await publish({ task: 'work', id: randomUUID(), eta: eta(4_000) }, 1);
    await eventually(clock, () => worker.info().scheduled.length === 1);
    expect(worker.info().scheduled).toHaveLength(1);
    await worker.stop({ deadlineMs: 0 });
    expect(await size()).toBe(1);
  });
});

describe('a message that comes again', () => {
  test('does not send the next step of its chain again when that has begun', async () => {
    make();
    const sent: string[] = [];
    here.app.signals.on('before_task_publish', ({ id }) => void sent.push(id));
    defineTask(here.app, 'first', () => 1);
    const begun = randomUUID();
    const fresh = randomUUID();
    const step = (task_id: string): SignatureData => ({
      task: 'second',
      args: [],
      kwargs: {},
      options: { task_id },
      subtask_type: null,
      immutable: false,
    });
    const ids = [
      await send('first', { chain: [step(begun)] }),
      await send('first', { chain: [step(fresh)] }),
    ];
    await bounce(2);
    await (await here.app.backend())?.store({
      taskId: begun,
      status: 'STARTED',
      result: null,
      traceback: null,
    });
    await worker.start();
    await eventually(clock, () => worker.info().counts.outcomes.success === 2);
    for (const id of ids) expect(await state(id)).toBe('SUCCESS');
    expect(sent.filter((id) => id === begun || id === fresh)).toEqual([fresh]);
  });

  test('while its look-up waits for the store, a stop gives it back', async () => {
    make();
    let runs = 0;
    defineTask(here.app, 'work', () => {
      runs += 1;
    });
    await send('work');
    await bounce(1);
    here.storeFailure = unreachable('RESULT_BACKEND_UNREACHABLE');
    await worker.start();
    await eventually(clock, () => worker.info().steps.consumer?.results_away === true);
    const stopping = worker.stop({ deadlineMs: 100 });
    await clock.advance(5_000);
    await stopping;
    expect(runs).toBe(0);
    expect(await size()).toBe(1);
  });
});

test('a task is failed by an error that its promise does not hear', async () => {
  make();
  defineTask(here.app, 'work', () => new Promise(() => {}));
  await worker.start();
  const id = await send('work');
  await eventually(clock, () => worker.info().active.length === 1);
  expect(worker.fail('another', new Error('x'))).toBe(false);
  expect(worker.fail(id, new RangeError('in a timer'))).toBe(true);
  await eventually(clock, () => worker.info().counts.outcomes.failure === 1);
  expect(await state(id)).toBe('FAILURE');
});

test('a chord part that cannot be counted is counted when the message comes again', async () => {
  const told: string[] = [];
  make({
    chordPart: async ({ taskId, groupId, state: ended }) => {
      told.push(`${taskId} ${groupId} ${ended}`);
      if (told.length === 1) throw new Error('not now');
    },
  });
  let runs = 0;
  defineTask(here.app, 'part', () => {
    runs += 1;
  });
  await worker.start();
  const body = { task: 'body', args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
  const id = await send('part', { chord: body, group_id: 'g' });
  await eventually(clock, () => worker.info().counts.outcomes.repeated === 1);
  expect(told).toEqual([`${id} g SUCCESS`, `${id} g SUCCESS`]);
  expect(runs).toBe(1);
  expect(await size()).toBe(0);
});
