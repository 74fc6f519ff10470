import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../../src/messaging/index.js';
import { Outbox } from '../../../../src/transports/amqp/outbox.js';
import type { Outgoing } from '../../../../src/transports/amqp/outgoing.js';

const to = { exchange: '', routingKey: 'q' };
const message = (id: string): OutgoingMessage => ({
  body: Buffer.from(id),
  contentType: 'text/plain',
  contentEncoding: 'utf-8',
  headers: {},
  properties: { correlation_id: id },
});
const idOf = (outgoing: Outgoing | undefined): unknown => outgoing?.fields.correlationId;

function filled(window: number, ...ids: string[]): Outbox {
  const outbox = new Outbox(window);
  for (const id of ids) outbox.add(message(id), to, 0).done.catch(() => {});
  return outbox;
}

function takeAll(outbox: Outbox, now = 0): unknown[] {
  const taken: unknown[] = [];
  for (let one = outbox.take(now); one !== undefined; one = outbox.take(now)) taken.push(idOf(one));
  return taken;
}

describe('Outbox', () => {
  it('sends in order, as many as the window allows', () => {
    const outbox = filled(2, 'a', 'b', 'c');
    const first = outbox.take(0) as Outgoing;
    expect(idOf(first)).toBe('a');
    expect(takeAll(outbox)).toEqual(['b']);
    outbox.landed(first);
    first.succeed();
    expect(takeAll(outbox)).toEqual(['c']);
    expect(outbox.unsettled).toBe(2);
  });

  it('sends what was in flight again, first and in order', () => {
    const outbox = filled(2, 'a', 'b', 'c');
    takeAll(outbox);
    expect(outbox.takeBack(false)).toBeUndefined();
    expect(takeAll(outbox)).toEqual(['a', 'b']);
  });

  it('goes one by one through suspects until the culprit stands alone', async () => {
    const outbox = filled(3, 'a', 'b', 'c', 'd');
    takeAll(outbox);
    expect(outbox.takeBack(true)).toBeUndefined();
    const innocent = outbox.take(0) as Outgoing;
    expect(outbox.take(0)).toBeUndefined();
    outbox.landed(innocent);
    innocent.succeed();
    await innocent.done;
    expect(takeAll(outbox)).toEqual(['b']);
    const culprit = outbox.takeBack(true);
    expect(idOf(culprit)).toBe('b');
    culprit?.fail(new Error('refused'));
    expect(takeAll(outbox)).toEqual(['c']);
  });

  it('does not send what its caller gave up', async () => {
    const outbox = new Outbox(5);
    const caller = new AbortController();
    const given = outbox.add(message('a'), { ...to, signal: caller.signal }, 0);
    outbox.add(message('b'), to, 0);
    caller.abort();
    await expect(given.done).rejects.toMatchObject({ code: 'ABORTED' });
    expect(takeAll(outbox)).toEqual(['b']);
    expect(outbox.unsettled).toBe(1);
  });

  it('marks the one the broker sent back, of several alike', () => {
    const outbox = filled(5, 'a', 'a', 'b');
    const sent = [outbox.take(0), outbox.take(0), outbox.take(0)];
    outbox.markReturned('', 'q', 'a', Buffer.from('a'));
    outbox.markReturned('', 'q', 'b', Buffer.from('b'));
    outbox.markReturned('', 'other', 'a', Buffer.from('a'));
    expect(sent.map((one) => one?.returned)).toEqual([true, false, true]);
  });

  it('counts the time only while nothing is confirmed, but not for ever', () => {
    const outbox = filled(1, 'a', 'b');
    takeAll(outbox, 0);
    expect(outbox.overdue(100, 100, 50)).toEqual([]);
    expect(outbox.overdue(150, 100, 50).map(idOf)).toEqual(['a', 'b']);
    expect(outbox.overdue(300, 100, 299).map(idOf)).toEqual(['a']);
  });

  it('tells when nobody waits any more', async () => {
    const outbox = filled(1, 'a');
    const empty = outbox.empty();
    outbox.take(0)?.succeed();
    await empty;
  });
});
