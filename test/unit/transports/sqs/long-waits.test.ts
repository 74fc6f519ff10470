import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { directQueue } from '../../../../src/messaging/index.js';
import { replacementOf } from '../../../../src/transports/sqs/replacement.js';
import { ManualClock } from '../../embedded/sqs/support/manual-clock.js';
import { message } from '../virtual/support/store.js';
import { deliveriesOf, sqsServer, sqsTransport } from './support/sqs-bench.js';

const queue = directQueue('q');
const to = { exchange: '', routingKey: 'q' };
const HOUR_MS = 3_600_000;

/** Turns a clock that server and transport share, in steps, and lets calls be answered after each. */
async function pass(clock: ManualClock, ms: number, stepMs = 1000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await clock.advance(stepMs);
    await settle();
  }
}

/** Loopback requests under way get their answers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

/** Lets time pass until the work has ended. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let ended = false;
  const done = work.finally(() => {
    ended = true;
  });
  while (!ended) {
    await clock.advance(200);
    await settle();
  }
  return done;
}

async function place(options: Readonly<Record<string, unknown>> = {}) {
  const clock = new ManualClock();
  const server = await sqsServer({ clock });
  const transport = await sqsTransport(
    server,
    { visibility_timeout: 600, ack_window: 0, ...options },
    { clock },
  );
  await transport.declare([queue]);
  return { clock, transport };
}

it('hides a message for longer than 12 hours in all, piece by piece', { timeout: 60_000 }, async () => {
  const { clock, transport } = await place();
  await transport.publish(message(), to);
  const due = clock.now() + 20 * HOUR_MS;
  const counts: (number | undefined)[] = [];
  for (;;) {
    const { next, stop } = await deliveriesOf(transport, queue, { prefetch: 1 });
    const delivery = await passing(clock, next());
    counts.push(delivery.info.deliveryCount);
    const wait = Math.floor((due - clock.now()) / 1000);
    if (wait < 1) {
      await passing(clock, delivery.ack());
      await passing(clock, stop());
      break;
    }
    const seconds = Math.min(wait, transport.capabilities.maxParkSeconds);
    await passing(clock, delivery.release(seconds));
    await passing(clock, stop());
    // Not a second sooner than asked, but for the margin at the end of the 12 hours.
    await clock.advance((seconds - 10) * 1000);
    expect(await transport.size('q')).toBe(0);
    await clock.advance(10_000);
  }
  expect(counts).toEqual([1, 2, 3]);
  expect(clock.now()).toBeLessThan(due + 10_000);
  expect(await transport.size('q')).toBe(0);
});

it('gives up a message held for 12 hours, before the service does', { timeout: 60_000 }, async () => {
  const { clock, transport } = await place();
  await transport.publish(message(), to);
  const { next, stop } = await deliveriesOf(transport, queue, { prefetch: 1 });
  const held = await passing(clock, next());
  await pass(clock, 11 * HOUR_MS, 60_000);
  expect(held.lost.aborted).toBe(false);
  await pass(clock, HOUR_MS, 60_000);
  expect(held.lost.aborted).toBe(true);
  await passing(clock, stop());
});

const known = { fifo: false, redrive: undefined, retentionSeconds: 345_600 } as unknown as Parameters<
  typeof replacementOf
>[0];
const text = JSON.stringify({ properties: { MessageGroupId: 'tenant' } });
const waiting = { receipt: 'r', text, receiveCount: 1, sentAt: 0 };
const DAY_MS = 24 * HOUR_MS;

it.each([
  ['young', known, waiting, 43_000, 0, undefined],
  ['half as old as the queue lets it become', known, waiting, 43_000, 2 * DAY_MS, 900],
  [
    'short of deliveries',
    { ...known, redrive: { target: 'a', maxReceives: 3 } },
    { ...waiting, receiveCount: 2 },
    300,
    0,
    300,
  ],
  [
    'to wait a moment only',
    { ...known, redrive: { target: 'a', maxReceives: 3 } },
    { ...waiting, receiveCount: 2 },
    30,
    0,
    undefined,
  ],
  ['in a FIFO queue', { ...known, fifo: true }, waiting, 43_000, 2 * DAY_MS, undefined],
])('a message that is %s', (_what, place, stored, delay, now, expected) => {
  const copy = replacementOf(place, stored, delay, now);
  expect(copy).toEqual(
    expected === undefined
      ? undefined
      : { text, properties: { MessageGroupId: 'tenant' }, delaySeconds: expected },
  );
});

it('sends a copy in place of a message whose deliveries waiting would use up', async () => {
  const server = await sqsServer();
  const calls: string[] = [];
  const transport = await sqsTransport(server, {
    dead_letters: { max_receive_count: 2 },
    on_api_call: (name: string) => calls.push(name),
  });
  const { next } = await deliveriesOf(transport, queue);
  await transport.publish(message(), to);
  await (await next()).release(600);
  expect(calls.slice(-2)).not.toContain('ChangeMessageVisibilityBatch');
  expect(calls.filter((name) => name === 'SendMessageBatch')).toHaveLength(2);
  expect(calls).toContain('DeleteMessageBatch');
});
