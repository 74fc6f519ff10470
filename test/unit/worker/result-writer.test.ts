import { expect, test } from 'vitest';
import { silentLogger, ToolboxError } from '../../../src/base/index.js';
import type { ResultBackend, ResultRecord } from '../../../src/results/index.js';
import { ResultWriter } from '../../../src/worker/settlement/result-writer.js';
import { ManualClock, settled } from './support/manual-clock.js';

const record: ResultRecord = { taskId: 'a', status: 'SUCCESS', result: 1, traceback: null };
const held = { held: () => true };

/** A store whose failing is switched by hand: an outage cannot be ordered from a real one without waiting. */
function bench(options: { budgetMs?: number } = {}) {
  const clock = new ManualClock();
  const events: string[] = [];
  const stored: ResultRecord[] = [];
  const store = { failure: undefined as Error | undefined, gets: 0 };
  const backend = {
    store: async (one: ResultRecord) => {
      if (store.failure) throw store.failure;
      stored.push(one);
    },
    get: async () => {
      store.gets += 1;
      if (store.failure) throw store.failure;
      return [];
    },
  } as unknown as ResultBackend;
  const writer = new ResultWriter({
    backend,
    clock,
    logger: silentLogger,
    onAway: () => events.push('away'),
    onBack: () => events.push('back'),
    ...options,
  });
  return { clock, events, stored, store, writer };
}

const unreachable = new ToolboxError('RESULT_BACKEND_UNREACHABLE', 'gone');

test('writes wait for a store that is away, fetching pauses once and goes on', async () => {
  const { clock, events, stored, store, writer } = bench();
  store.failure = unreachable;
  const writes = Promise.all([writer.store(record, held), writer.store({ ...record, taskId: 'b' }, held)]);
  await clock.advance(30_000);
  expect(stored).toEqual([]);
  expect(events).toEqual(['away']);
  expect(writer.away).toBe(true);
  expect(store.gets).toBeGreaterThan(10);
  store.failure = undefined;
  await clock.advance(2_000);
  expect(await writes).toEqual([true, true]);
  expect(events).toEqual(['away', 'back']);
  expect(stored.map(({ taskId }) => taskId)).toEqual(['a', 'b']);
});

test('a write is given up when the message is gone, the budget is spent or the worker stops', async () => {
  const { clock, store, writer } = bench({ budgetMs: 60_000 });
  store.failure = new ToolboxError('RESULT_BACKEND_REFUSED', 'read only');
  const lease = { still: true, held: () => lease.still };
  const gone = writer.store(record, lease);
  const spent = writer.store(record, held);
  await clock.advance(5_000);
  lease.still = false;
  store.failure = undefined;
  await clock.advance(2_000);
  expect(await gone).toBe(false);
  expect(await spent).toBe(true);

  store.failure = unreachable;
  const cut = writer.store(record, held);
  await settled();
  writer.close();
  expect(await cut).toBe(false);
});

test('what cannot be written is thrown at once', async () => {
  const { events, store, writer } = bench();
  store.failure = new ToolboxError('ENCODE_FAILED', 'a function');
  await expect(writer.store(record, held)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  expect(events).toEqual([]);
});

test('a state that only informs is not waited for, but its failure is heeded', async () => {
  const { clock, events, store, stored, writer } = bench();
  writer.note({ ...record, status: 'STARTED' });
  await settled();
  expect(stored).toHaveLength(1);
  store.failure = unreachable;
  writer.note({ ...record, status: 'STARTED' });
  await settled();
  expect(events).toEqual(['away']);
  store.failure = undefined;
  await clock.advance(2_000);
  expect(events).toEqual(['away', 'back']);
  expect(stored).toHaveLength(1);
});

test('without a store everything counts as stored', async () => {
  const writer = new ResultWriter({
    backend: undefined,
    clock: new ManualClock(),
    logger: silentLogger,
    onAway: () => {},
    onBack: () => {},
  });
  expect(await writer.store(record, held)).toBe(true);
  expect(await writer.read('a', held)).toBeUndefined();
});
