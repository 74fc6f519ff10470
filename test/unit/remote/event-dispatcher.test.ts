import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { type CeleryEvent, type EventBatch, LamportClock } from '../../../src/bus/index.js';
import { EventDispatcher } from '../../../src/remote/index.js';
import { ManualClock } from '../worker/support/manual-clock.js';

let sent: EventBatch[];
let failing: Error | undefined;
let events: EventDispatcher;
let clock: ManualClock;

const make = (without: readonly string[] = []): EventDispatcher =>
  new EventDispatcher({
    publish: async (batch) => {
      if (failing) throw failing;
      sent.push(batch);
    },
    lamport: new LamportClock(),
    clock,
    logger: silentLogger,
    hostname: 'w1@here',
    without,
  });

beforeEach(() => {
  sent = [];
  failing = undefined;
  clock = new ManualClock();
  events = make();
});

const uuids = (batch: EventBatch | undefined): unknown[] =>
  [batch?.events ?? []].flat().map(({ uuid }) => uuid);

describe('EventDispatcher', () => {
  it('sends worker events alone, with what every event says', async () => {
    events.send('worker-online', { freq: 2 });
    await events.flush();
    const [batch] = sent;
    expect(batch).toMatchObject({ routingKey: 'worker.online', hostname: 'w1@here' });
    expect(batch?.events).toMatchObject({
      type: 'worker-online',
      hostname: 'w1@here',
      pid: process.pid,
      clock: 1,
      freq: 2,
      timestamp: expect.any(Number) as number,
      utcoffset: expect.any(Number) as number,
    });
  });

  it('sends task events of a short while together, at most 200', async () => {
    for (let n = 0; n < 206; n += 1) events.task('task-started', { uuid: n });
    await events.flush();
    expect(sent.map(({ routingKey }) => routingKey)).toEqual(['task.multi', 'task.multi']);
    expect(sent.map((batch) => uuids(batch).length)).toEqual([200, 6]);
  });

  it('sends them by itself soon after the first', async () => {
    events.task('task-started', { uuid: 1 });
    expect(sent).toEqual([]);
    await clock.advance(20);
    expect(sent).toHaveLength(1);
  });

  it('keeps the order of what is sent alone and together', async () => {
    events.task('task-started', { uuid: 1 });
    events.send('worker-offline', {});
    await events.flush();
    const clocks = sent.map(({ events: some }) => ([some].flat()[0] as CeleryEvent).clock);
    expect(clocks).toEqual([1, 2]);
  });

  it('sends nothing of a group that is off, and says whether a switch changed anything', async () => {
    events = make(['task']);
    expect(events.tasks).toBe(false);
    events.task('task-started', { uuid: 1 });
    events.send('task-sent', { uuid: 1 });
    await events.flush();
    expect(sent).toEqual([]);
    expect([events.enable('task', true), events.enable('task', true)]).toEqual([true, false]);
    events.task('task-started', { uuid: 2 });
    await events.flush();
    expect(uuids(sent[0])).toEqual([2]);
  });

  it('keeps what cannot be sent, bounded, and sends it when the way is free', async () => {
    failing = new Error('away');
    for (let n = 0; n < 300; n += 1) events.send('worker-heartbeat', { n });
    await events.flush();
    expect(sent).toEqual([]);
    failing = undefined;
    events.send('worker-heartbeat', { n: 300 });
    await events.flush();
    const numbers = sent.map(({ events: one }) => (one as CeleryEvent).n);
    expect(numbers.length).toBeGreaterThanOrEqual(200);
    expect(numbers.at(-1)).toBe(300);
    expect(numbers).toEqual([...numbers].sort((a, b) => Number(a) - Number(b)));
  });
});
