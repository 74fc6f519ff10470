import { describe, expect, it } from 'vitest';
import { LamportClock } from '../../../src/bus/index.js';

describe('LamportClock', () => {
  it('moves on with what is sent, and beyond what is received', () => {
    const clock = new LamportClock();
    expect(clock.forward()).toBe(1);
    expect(clock.adjust(41)).toBe(42);
    expect(clock.adjust(3)).toBe(43);
    expect(clock.value).toBe(43);
  });

  it.each([undefined, null, 'x', Number.NaN, 2 ** 60, 1.5])('takes %j for no clock at all', (other) => {
    const clock = new LamportClock();
    expect(clock.adjust(other)).toBe(1);
  });
});
