import { describe, expect, it } from 'vitest';
import { PrefetchWindow } from '../../../../src/transports/virtual/prefetch-window.js';
import { ManualClock, settled } from '../../worker/support/manual-clock.js';

function windowOf(limit: number, polls: number) {
  const clock = new ManualClock();
  return { clock, window: new PrefetchWindow(clock, { limit, polls, unlimited: 1000, maxBatch: 10 }) };
}

/** What a reservation was granted, or undefined while it waits. */
async function granted(reservation: Promise<number>): Promise<number | undefined> {
  let result: number | undefined;
  void reservation.then((count) => {
    result = count;
  });
  await settled();
  return result;
}

describe('PrefetchWindow', () => {
  it('grants a batch where there is room, and what is left of it where there is less', async () => {
    const { window } = windowOf(15, 1);
    expect(await granted(window.reserve(false))).toBe(10);
    expect(await granted(window.reserve(false))).toBe(5);
    const third = window.reserve(false);
    expect(await granted(third)).toBeUndefined();
    window.settle(10, 0);
    expect(await third).toBe(10);
  });

  it('grants in the order of asking', async () => {
    const { window } = windowOf(1, 3);
    const [first, second, third] = [window.reserve(false), window.reserve(false), window.reserve(false)];
    expect(await granted(first)).toBe(1);
    window.settle(1, 0);
    expect([await granted(second), await granted(third)]).toEqual([1, undefined]);
  });

  it('waits a little for more room while work goes on, so that ten settled cost one receive', async () => {
    const { clock, window } = windowOf(10, 1);
    window.settle(await window.reserve(false), 10);
    const next = window.reserve(false);
    for (let n = 0; n < 4; n += 1) window.free();
    expect(await granted(next)).toBeUndefined();
    await clock.advance(20);
    expect(await next).toBe(4);
    const full = window.reserve(false);
    for (let n = 0; n < 6; n += 1) window.free();
    expect(await granted(full)).toBe(6);
  });

  it('lets a queue that had nothing hold one place only when room is short', async () => {
    const { window } = windowOf(8, 2);
    expect(await granted(window.reserve(true))).toBe(1);
    expect(await granted(window.reserve(false))).toBe(7);
    const ample = windowOf(100, 2).window;
    expect(await granted(ample.reserve(true))).toBe(10);
  });

  it('is scarce where long polls could keep places from a queue that has work', async () => {
    expect(windowOf(1, 1).window.scarce).toBe(false);
    expect(windowOf(1, 2).window.scarce).toBe(true);
    const { window } = windowOf(4, 2);
    expect(window.scarce).toBe(false);
    window.settle(await window.reserve(false), 1);
    expect(window.scarce).toBe(true);
    const { window: wide } = windowOf(8, 2);
    wide.settle(await wide.reserve(false), 1);
    expect(wide.scarce).toBe(false);
  });

  it('follows a changed limit, lower ones too, and takes 0 for its own', async () => {
    const { window } = windowOf(2, 1);
    window.settle(await window.reserve(false), 2);
    const waiting = window.reserve(false);
    window.setLimit(1);
    expect(await granted(waiting)).toBeUndefined();
    window.setLimit(0);
    expect(await waiting).toBe(10);
  });

  it('sends everybody away who waits', async () => {
    const { window } = windowOf(1, 1);
    await window.reserve(false);
    const waiting = window.reserve(false);
    window.dismiss();
    expect(await waiting).toBe(0);
  });
});
