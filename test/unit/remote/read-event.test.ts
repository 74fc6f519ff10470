import { describe, expect, it } from 'vitest';
import { LamportClock } from '../../../src/bus/index.js';
import { readEvent } from '../../../src/remote/index.js';

const now = Date.UTC(2026, 0, 2);
const here = new Date(now).getTimezoneOffset() / 60;

describe('readEvent', () => {
  it('brings clocks together and adds when it came', () => {
    const lamport = new LamportClock();
    const event = readEvent({ type: 'worker-online', clock: 9 }, { lamport, nowMs: now });
    expect(event).toMatchObject({ clock: 9, local_received: now / 1000 });
    expect(lamport.value).toBe(10);
  });

  it('brings the time into the own zone, as Celery reckons', () => {
    const event = { type: 'worker-online', clock: 1, utcoffset: here + 5, timestamp: 100_000 };
    expect(readEvent(event, { lamport: new LamportClock(), nowMs: now })?.timestamp).toBe(100_000 - 5 * 3600);
  });

  it('does not believe the clock of a producer', () => {
    const lamport = new LamportClock();
    lamport.adjust(20);
    expect(readEvent({ type: 'task-sent', clock: 5000 }, { lamport, nowMs: now })?.clock).toBe(20);
    expect(lamport.value).toBe(22);
  });

  it('gives an event without a clock one', () => {
    const lamport = new LamportClock();
    expect(readEvent({ type: 'custom-thing' }, { lamport, nowMs: now })?.clock).toBe(1);
  });

  it.each([null, 'text', 7, [], {}, { type: 5 }])('passes over %j', (value) => {
    expect(readEvent(value, { lamport: new LamportClock(), nowMs: now })).toBeUndefined();
  });
});
