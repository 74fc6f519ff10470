import assert from 'node:assert/strict';
import { Inbox, message, straightTo, to, valueOf } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** How much is fetched, when, and by whom. */
export const consumingCases: readonly TransportCase[] = [
  {
    name: 'consume declares its queues',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      const inbox = await bench.consume(transport, [queue]);
      await transport.publish(message('here'), to(queue));
      assert.equal(valueOf(await inbox.next()), 'here');
    },
  },
  {
    name: 'never holds more than the prefetch, and fetches on as deliveries are settled',
    run: async (bench) => {
      const transport = await bench.transport();
      const other = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const inbox = await bench.consume(transport, [queue], { prefetch: 2 });
      for (let n = 0; n < 6; n += 1) await transport.publish(message(n), to(queue));
      const held = await inbox.take(2);
      // What the first consumer may not fetch is all there for a second.
      const rest = await bench.consume(other, [queue], { prefetch: 4 });
      await rest.take(4);
      assert.equal(inbox.seen.length, 2);
      await transport.publish(message(6), to(queue));
      await held[0]?.ack();
      assert.equal(valueOf(await inbox.next('the next one')), 6);
      assert.equal(rest.seen.length, 4);
    },
  },
  {
    name: 'setPrefetch raises and lowers the limit while running',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const inbox = await bench.consume(transport, [queue], { prefetch: 1 });
      for (let n = 0; n < 5; n += 1) await transport.publish(message(n), to(queue));
      const held = await inbox.take(1);
      inbox.running.setPrefetch(3);
      held.push(...(await inbox.take(2)));
      inbox.running.setPrefetch(1);
      const other = await bench.transport();
      const rest = await bench.consume(other, [queue]);
      await rest.take(2);
      assert.equal(inbox.seen.length, 3);
      await Promise.all(held.map((delivery) => delivery.ack()));
    },
  },
  {
    name: 'a slow queue does not keep a busy one waiting',
    run: async (bench) => {
      const transport = await bench.transport();
      const idle = bench.queue('idle');
      const busy = bench.queue('busy');
      await transport.declare([idle, busy]);
      const inbox = await bench.consume(transport, [idle, busy], { prefetch: 1 });
      for (let n = 0; n < 3; n += 1) await transport.publish(message(n), to(busy));
      for (let n = 0; n < 3; n += 1) await (await inbox.next(`message ${n} of the busy queue`)).ack();
      await transport.publish(message('idle no more'), to(idle));
      assert.equal(valueOf(await inbox.next('the other queue')), 'idle no more');
    },
  },
  {
    name: 'paused, it leaves messages to others; resumed, it fetches again',
    run: async (bench) => {
      const transport = await bench.transport();
      const other = await bench.transport();
      const queue = bench.queue('q');
      const inbox = await bench.consume(transport, [queue]);
      await transport.publish(message(0), to(queue));
      const held = await inbox.next();
      inbox.running.pause();
      await transport.publish(message(1), to(queue));
      const others = await bench.consume(other, [queue]);
      const taken = await others.next('the message for the other consumer');
      assert.equal(valueOf(taken), 1);
      await Promise.all([taken.ack(), held.ack()]);
      await others.running.stop();
      inbox.running.resume();
      await transport.publish(message(2), to(queue));
      assert.equal(valueOf(await inbox.next('the message after resume')), 2);
      assert.equal(inbox.seen.length, 2);
    },
  },
  {
    name: 'stopped, nothing is delivered any more and held deliveries can be settled',
    run: async (bench) => {
      const transport = await bench.transport();
      const other = await bench.transport();
      const queue = bench.queue('q');
      const inbox = await bench.consume(transport, [queue]);
      await transport.publish(message('held'), to(queue));
      const held = await inbox.next();
      await inbox.running.stop();
      await inbox.running.stop();
      await transport.publish(message('after'), to(queue));
      const others = await bench.consume(other, [queue]);
      assert.equal(valueOf(await others.next()), 'after');
      assert.equal(inbox.seen.length, 1);
      assert.equal(held.lost.aborted, false);
      await held.ack();
    },
  },
  {
    name: 'several consumers share a queue',
    run: async (bench) => {
      const queue = bench.queue('q');
      const consumers = await Promise.all([bench.transport(), bench.transport(), bench.transport()]);
      const numbers = Array.from({ length: 30 }, (_, n) => n);
      const all = new Inbox();
      // Each holds one before any settles: nobody is left out.
      let everyoneHasOne = (): void => {};
      const everyone = new Promise<void>((resolve) => {
        everyoneHasOne = resolve;
      });
      const inboxes = await Promise.all(
        consumers.map((transport) =>
          bench.consume(transport, [queue], {
            prefetch: 1,
            onDelivery: (delivery) => {
              all.put(delivery);
              if (all.seen.length === consumers.length) everyoneHasOne();
              void everyone.then(() => delivery.ack());
            },
          }),
        ),
      );
      await Promise.all(numbers.map((n) => consumers[0]?.publish(message(n), straightTo(queue))));
      assert.deepEqual(new Set((await all.take(numbers.length)).map(valueOf)), new Set(numbers));
      assert.equal(all.seen.length, numbers.length);
      await Promise.all(inboxes.map((inbox) => inbox.running.stop()));
    },
  },
  {
    name: 'shows signs of life',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      const inbox = await bench.consume(transport, [queue]);
      const before = inbox.running.lastPoll;
      await transport.publish(message(1), to(queue));
      await inbox.next();
      assert.ok(inbox.running.lastPoll >= before);
      assert.ok(Number.isFinite(inbox.running.lastPoll));
    },
  },
];
