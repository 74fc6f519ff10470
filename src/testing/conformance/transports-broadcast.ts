import assert from 'node:assert/strict';
import type { Exchange, Transport } from '../../messaging/index.js';
import { type Bench, message, rejectsWith, straightTo, to, valueOf } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** As kombu declares the queues of remote control and events. */
const TRANSIENT = {
  durable: false,
  autoDelete: true,
  exclusive: true,
  arguments: { 'x-expires': 10_000, 'x-message-ttl': 300_000 },
} as const;
const UNHEARD = { properties: { delivery_mode: 1 } } as const;

const transient = (bench: Bench, base: string, type: Exchange['type']): Exchange => ({
  ...bench.exchange(base, type),
  durable: false,
});

const canBroadcast = (transport: Transport, skip: (reason: string) => void): boolean => {
  if (!transport.capabilities.broadcast) skip('this broker has no broadcast');
  return transport.capabilities.broadcast;
};

/** What remote control and events are made of: queues that come and go, messages that may have no taker. */
export const broadcastCases: readonly TransportCase[] = [
  {
    name: 'a message that is not mandatory may find no queue',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = transient(bench, 'nobody', 'direct');
      await transport.declareExchange(exchange);
      await transport.declareExchange(exchange);
      const nowhere = { exchange: exchange.name, routingKey: 'nobody' };
      await transport.publish(message(1, UNHEARD), { ...nowhere, mandatory: false });
      await rejectsWith(transport.publish(message(1, UNHEARD), nowhere), 'UNROUTABLE');
    },
  },
  {
    name: 'a broadcast reaches the consumers of every program',
    run: async (bench, _suite, skip) => {
      const [sender, ...programs] = await Promise.all([
        bench.transport(),
        bench.transport(),
        bench.transport(),
      ]);
      if (!canBroadcast(sender, skip)) return;
      const exchange = transient(bench, 'pidbox', 'fanout');
      await sender.declareExchange(exchange);
      const address = { exchange: exchange.name, routingKey: '', mandatory: false };
      await sender.publish(message('nobody listens yet', UNHEARD), address);
      const inboxes = await Promise.all(
        programs.map((program, n) =>
          bench.consume(program, [bench.bound(`node${n}`, exchange, '', TRANSIENT)], { noAck: true }),
        ),
      );
      await sender.publish(message('all', UNHEARD), address);
      for (const inbox of inboxes) assert.equal(valueOf(await inbox.next()), 'all');
    },
  },
  {
    name: 'events reach the listeners whose key matches',
    run: async (bench, _suite, skip) => {
      const [sender, monitor, gossip] = await Promise.all([
        bench.transport(),
        bench.transport(),
        bench.transport(),
      ]);
      if (!canBroadcast(sender, skip)) return;
      const exchange = bench.exchange('events', sender.capabilities.eventExchangeType);
      const all = await bench.consume(monitor, [bench.bound('all', exchange, '#', TRANSIENT)], {
        noAck: true,
      });
      const workers = await bench.consume(gossip, [bench.bound('workers', exchange, 'worker.#', TRANSIENT)], {
        noAck: true,
      });
      await sender.declareExchange(exchange);
      for (const routingKey of ['worker.online', 'task.sent', 'worker.offline']) {
        await sender.publish(message(routingKey, UNHEARD), {
          exchange: exchange.name,
          routingKey,
          mandatory: false,
        });
      }
      assert.deepEqual((await all.take(3)).map(valueOf), ['worker.online', 'task.sent', 'worker.offline']);
      assert.deepEqual((await workers.take(2)).map(valueOf), ['worker.online', 'worker.offline']);
    },
  },
  {
    name: 'replies reach the queue of who asked',
    run: async (bench, _suite, skip) => {
      const [asker, worker] = await Promise.all([bench.transport(), bench.transport()]);
      if (!canBroadcast(asker, skip)) return;
      const exchange = transient(bench, 'reply', 'direct');
      const queue = bench.bound('asker', exchange, 'asker-id', TRANSIENT);
      const replies = await bench.consume(asker, [queue], { noAck: true });
      await worker.declareExchange(exchange);
      await worker.publish(message({ node: { ok: 'pong' } }, UNHEARD), { ...to(queue), mandatory: false });
      assert.deepEqual(valueOf(await replies.next()), { node: { ok: 'pong' } });
    },
  },
  {
    name: 'without acknowledgement a delivery is settled when it comes',
    run: async (bench) => {
      const transport = await bench.transport({ visibility_timeout: 1 });
      const queue = bench.queue('unasked');
      const inbox = await bench.consume(transport, [queue], { noAck: true, prefetch: 1 });
      for (const n of [1, 2, 3]) await transport.publish(message(n), straightTo(queue));
      const taken = await inbox.take(3);
      assert.deepEqual(new Set(taken.map(valueOf)), new Set([1, 2, 3]));
      await taken[0]?.ack();
      await taken[1]?.reject();
      await taken[2]?.release();
      await inbox.running.stop();
      const again = await bench.consume(transport, [queue]);
      await transport.publish(message(4), straightTo(queue));
      assert.equal(valueOf(await again.next()), 4);
    },
  },
  {
    name: 'a queue that deletes itself goes with its last consumer',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('brief', { durable: false, autoDelete: true });
      const first = await bench.consume(transport, [queue], { noAck: true });
      const second = await bench.consume(transport, [queue], { noAck: true });
      await first.running.stop();
      await transport.publish(message('still there'), straightTo(queue));
      assert.equal(valueOf(await second.next()), 'still there');
      await second.running.stop();
      await rejectsWith(transport.publish(message('gone'), straightTo(queue)), 'UNROUTABLE');
    },
  },
];
