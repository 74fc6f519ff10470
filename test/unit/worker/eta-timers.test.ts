import { expect, test } from 'vitest';
import { EtaTimers } from '../../../src/worker/scheduling/eta-timers.js';
import { ManualClock } from './support/manual-clock.js';

test('calls at the time, in order of time', async () => {
  const clock = new ManualClock();
  const timers = new EtaTimers<string>(clock);
  const called: string[] = [];
  const now = clock.now();
  timers.hold('late', now + 2_000, () => called.push('late'));
  timers.hold('soon', now + 1_000, () => called.push('soon'));
  expect(timers.entries()).toEqual([
    ['late', now + 2_000],
    ['soon', now + 1_000],
  ]);
  await clock.advance(999);
  expect(called).toEqual([]);
  await clock.advance(1);
  expect(called).toEqual(['soon']);
  await clock.advance(1_000);
  expect(called).toEqual(['soon', 'late']);
  expect(timers.size).toBe(0);
});

test('a timer that fires early waits for the rest', async () => {
  const clock = new ManualClock();
  const early = {
    ...bound(clock),
    after: (ms: number, fn: () => void) => clock.after(ms > 10 ? ms - 10 : ms, fn),
  };
  const timers = new EtaTimers<string>(early);
  let called = 0;
  timers.hold('a', clock.now() + 100, () => {
    called += 1;
  });
  await clock.advance(99);
  expect(called).toBe(0);
  await clock.advance(1);
  expect(called).toBe(1);
});

test('what is dropped or drained is not called', async () => {
  const clock = new ManualClock();
  const timers = new EtaTimers<string>(clock);
  const called: string[] = [];
  for (const item of ['a', 'b', 'c']) timers.hold(item, clock.now() + 10, () => called.push(item));
  expect(timers.drop('a')).toBe(true);
  expect(timers.drop('a')).toBe(false);
  expect(timers.drain()).toEqual(['b', 'c']);
  await clock.advance(100);
  expect(called).toEqual([]);
  expect(clock.pending).toBe(0);
});

const bound = (clock: ManualClock) => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
});
