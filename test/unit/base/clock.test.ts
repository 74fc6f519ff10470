import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/base/index.js';

const DAY = 86_400_000;

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([0, 1, 2 ** 31 - 1, 2 ** 31, 60 * DAY])(
    'after(%d) calls once, and not a millisecond before',
    (ms) => {
      const fn = vi.fn();
      systemClock.after(ms, fn);
      if (ms > 0) vi.advanceTimersByTime(ms - 1);
      expect(fn).toHaveBeenCalledTimes(0);
      vi.advanceTimersByTime(1);
      expect(fn).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(ms + 1);
      expect(fn).toHaveBeenCalledTimes(1);
    },
  );

  it('after() can be taken back, also when a long wait has begun its second piece', () => {
    const fn = vi.fn();
    const cancel = systemClock.after(60 * DAY, fn);
    vi.advanceTimersByTime(30 * DAY);
    cancel();
    vi.advanceTimersByTime(60 * DAY);
    expect(fn).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('after() takes a time that has passed as now', () => {
    const fn = vi.fn();
    systemClock.after(-5, fn);
    vi.advanceTimersByTime(0);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('sleeps longer than one timer can', async () => {
    const woke = vi.fn();
    const sleeping = systemClock.sleep(60 * DAY).then(woke);
    await vi.advanceTimersByTimeAsync(60 * DAY - 1);
    expect(woke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
    expect(woke).toHaveBeenCalledTimes(1);
  });

  it('sleep() rejects with the reason of the signal and leaves no timer', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(1000, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(1000, controller.signal)).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sleep() leaves no listener on a signal that lives on', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const sleeping = systemClock.sleep(10, signal);
    await vi.advanceTimersByTimeAsync(10);
    await sleeping;
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });

  it('tells wall time in milliseconds since 1970 and durations that only grow', () => {
    vi.setSystemTime(new Date('2026-01-02T03:04:05.678Z'));
    expect(systemClock.now()).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    vi.useRealTimers();
    const first = systemClock.monotonic();
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first);
  });
});
