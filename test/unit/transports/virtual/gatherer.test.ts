import { expect, it } from 'vitest';
import { systemClock, ToolboxError } from '../../../../src/base/index.js';
import { Gatherer, type GathererOptions } from '../../../../src/transports/virtual/gatherer.js';
import { ManualClock, settled } from '../../worker/support/manual-clock.js';

/** A gatherer of numbers that writes its batches down and answers when told. */
function gatherer(options: Partial<GathererOptions<number>> = {}) {
  const batches: number[][] = [];
  const answers: (() => void)[] = [];
  const made = new Gatherer<number>({
    clock: systemClock,
    maxBatch: 10,
    windowMs: 0,
    maxCalls: 8,
    run: async (items) => {
      batches.push([...items]);
      return items.map(() => undefined);
    },
    ...options,
  });
  const held: Partial<GathererOptions<number>> = {
    run: (items) => {
      batches.push([...items]);
      return new Promise((resolve) => answers.push(() => resolve(items.map(() => undefined))));
    },
  };
  return { made, batches, answers, held };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

it('sends what one turn of the loop adds in as few batches as fit', async () => {
  const { made, batches } = gatherer();
  await Promise.all(range(25).map((n) => made.add(n)));
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
  expect(batches.flat()).toEqual(range(25));
});

it('waits for company as long as its window, not longer', async () => {
  const clock = new ManualClock();
  const { made, batches } = gatherer({ clock, windowMs: 50 });
  void made.add(1);
  await clock.advance(49);
  void made.add(2);
  expect(batches).toEqual([]);
  await clock.advance(1);
  expect(batches).toEqual([[1, 2]]);
  for (const n of range(10)) void made.add(n);
  expect(batches[1]).toEqual(range(10));
});

it('hurried, waits no longer than a turn of the loop', async () => {
  const clock = new ManualClock();
  const { made, batches } = gatherer({ clock, windowMs: 50 });
  const first = made.add(1);
  made.hurry();
  await first;
  await made.add(2);
  expect(batches).toEqual([[1], [2]]);
});

it('keeps batches below their bytes', async () => {
  const { made, batches } = gatherer({ maxBytes: () => 100, sizeOf: (n) => n });
  await Promise.all([60, 30, 50, 10, 150].map((n) => made.add(n)));
  expect(batches).toEqual([[60, 30, 10], [50], [150]]);
});

it('gathers for the next call while as many as allowed are under way', async () => {
  const { batches, answers, held } = gatherer();
  const { made } = {
    made: new Gatherer<number>({
      clock: systemClock,
      maxBatch: 10,
      windowMs: 0,
      maxCalls: 1,
      run: held.run ?? (async () => []),
    }),
  };
  const first = made.add(1);
  await settled();
  const later = [2, 3, 4].map((n) => made.add(n));
  await settled();
  expect(batches).toEqual([[1]]);
  answers[0]?.();
  await first;
  await settled();
  expect(batches).toEqual([[1], [2, 3, 4]]);
  answers[1]?.();
  await Promise.all(later);
});

it('never lets one item of a lane overtake another', async () => {
  const { batches, answers, held } = gatherer();
  const made = new Gatherer<number>({
    clock: systemClock,
    maxBatch: 2,
    windowMs: 0,
    maxCalls: 8,
    laneOf: (n) => String(n % 2),
    sizeOf: () => 1,
    run: held.run ?? (async () => []),
  });
  const all = Promise.all([0, 2, 4, 6, 1, 3].map((n) => made.add(n)));
  await settled();
  // The odd lane goes beside the even one; 4 and 6 wait for their own.
  expect(batches).toEqual([
    [0, 2],
    [1, 3],
  ]);
  answers[0]?.();
  await settled();
  expect(batches[2]).toEqual([4, 6]);
  for (const answer of answers) answer();
  await all;
});

it('does not let a small item overtake a big one of its lane that did not fit', async () => {
  const { made, batches } = gatherer({ maxBytes: () => 10, sizeOf: (n) => n, laneOf: () => 'one' });
  await Promise.all([6, 7, 1].map((n) => made.add(n)));
  expect(batches.flat()).toEqual([6, 7, 1]);
});

it('gives each item its own outcome, and all of them the failure of the call', async () => {
  const refused = new ToolboxError('BROKER_REFUSED', 'no');
  const { made } = gatherer({ run: async (items) => items.map((n) => (n === 1 ? refused : undefined)) });
  expect(await Promise.all([0, 1, 2].map((n) => made.add(n)))).toEqual([undefined, refused, undefined]);
  const failing = gatherer({ run: () => Promise.reject(new Error('line down')) }).made;
  const outcomes = await Promise.all([failing.add(1), failing.add(2)]);
  expect(outcomes.map((outcome) => outcome?.code)).toEqual(['BROKER_UNREACHABLE', 'BROKER_UNREACHABLE']);
});
