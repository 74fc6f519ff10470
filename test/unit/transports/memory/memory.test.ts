import { expect, it } from 'vitest';
import { type Clock, silentLogger, systemClock } from '../../../../src/base/index.js';
import { directQueue } from '../../../../src/messaging/index.js';
import {
  createMemoryTransport,
  MemoryHub,
  memoryTransports,
} from '../../../../src/transports/memory/index.js';
import { MemoryQueue } from '../../../../src/transports/memory/memory-queue.js';
import { ManualClock } from '../../worker/support/manual-clock.js';
import { message } from '../virtual/support/store.js';

const context = (url = 'memory://', options = {}, clock: Clock = systemClock) => ({
  url,
  options,
  clock,
  logger: silentLogger,
});
const queue = directQueue('q');
const to = { exchange: '', routingKey: 'q' };

it('shares queues among the transports of one factory, by the name in the URL', async () => {
  const factory = memoryTransports();
  const [one, two, apart] = await Promise.all([
    factory(context()),
    factory(context()),
    factory(context('memory://apart')),
  ]);
  await one.declare([queue]);
  await one.publish(message(), to);
  expect(await two.size('q')).toBe(1);
  await expect(apart.size('q')).rejects.toMatchObject({ code: 'NOT_DECLARED' });
});

it('shares nothing without a hub, and everything with one', async () => {
  const [one, two] = await Promise.all([createMemoryTransport(context()), createMemoryTransport(context())]);
  await one.declare([queue]);
  await expect(two.size('q')).rejects.toMatchObject({ code: 'NOT_DECLARED' });
  const hub = new MemoryHub();
  const [three, four] = await Promise.all([
    createMemoryTransport(context('memory://', { hub })),
    createMemoryTransport(context('memory://', { hub })),
  ]);
  await three.declare([queue]);
  expect(await four.size('q')).toBe(0);
});

it('refuses a visibility timeout that is no number', async () => {
  await expect(
    createMemoryTransport(context('memory://', { visibility_timeout: '20s' })),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

it('puts a message given back where it was', () => {
  const memory = new MemoryQueue(new ManualClock());
  for (const text of ['a', 'b', 'c', 'd']) memory.put(text, 0);
  const [a, b] = memory.take(2, 0);
  memory.extend(b?.receipt ?? '', 0);
  memory.extend(a?.receipt ?? '', 0);
  expect(memory.take(4, 0).map(({ text, receiveCount }) => [text, receiveCount])).toEqual([
    ['a', 2],
    ['b', 2],
    ['c', 1],
    ['d', 1],
  ]);
});

it('shows a held message again when its lease runs out, under a new receipt', async () => {
  const clock = new ManualClock();
  const memory = new MemoryQueue(clock);
  memory.put('a', 0);
  const [first] = memory.take(1, 10);
  await clock.advance(9_999);
  expect(memory.size).toBe(0);
  await clock.advance(1);
  expect(memory.take(1, 10)).toMatchObject([{ text: 'a', receiveCount: 2 }]);
  expect(memory.remove(first?.receipt ?? '')).toBe(false);
});

it('purges what waits, delayed or not, and keeps what is held', async () => {
  const clock = new ManualClock();
  const memory = new MemoryQueue(clock);
  memory.put('held', 0);
  const [held] = memory.take(1, 0);
  memory.put('waiting', 0);
  memory.put('delayed', 60);
  expect(memory.purge()).toBe(1);
  await clock.advance(60_000);
  expect(memory.size).toBe(0);
  expect(memory.remove(held?.receipt ?? '')).toBe(true);
});
