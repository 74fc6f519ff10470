import assert from 'node:assert/strict';
import { eventually, message, straightTo, to, valueOf, within } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** The three ends of a delivery, and what becomes of those that never ended. */
export const settlingCases: readonly TransportCase[] = [
  ...(['ack', 'reject'] as const).map(
    (verb): TransportCase => ({
      name: `${verb} removes the message for good`,
      run: async (bench) => {
        const first = await bench.transport();
        const queue = bench.queue('q');
        await first.declare([queue]);
        await first.publish(message('done'), to(queue));
        const inbox = await bench.consume(first, [queue]);
        await (await inbox.next())[verb]();
        await first.close();
        const second = await bench.transport();
        await second.declare([queue]);
        await second.publish(message('next'), to(queue));
        const later = await bench.consume(second, [queue]);
        assert.equal(valueOf(await later.next()), 'next');
        assert.equal(later.seen.length, 1);
      },
    }),
  ),
  {
    name: 'release redelivers to its own queue only, marked redelivered',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('x', 'topic');
      const work = bench.bound('work', exchange, 'k');
      const tap = bench.bound('tap', exchange, '#', { tap: true });
      await transport.declare([work, tap]);
      await transport.publish(message('again'), { exchange: exchange.name, routingKey: 'k' });
      const works = await bench.consume(transport, [work]);
      const first = await works.next();
      assert.equal(first.info.redelivered, false);
      await first.release();
      const second = await works.next('the redelivery');
      assert.equal(valueOf(second), 'again');
      assert.equal(second.info.redelivered, true);
      assert.deepEqual(second.headers, first.headers);
      await second.ack();
      await transport.publish(message('marker'), straightTo(tap));
      const taps = await bench.consume(transport, [tap]);
      assert.deepEqual((await taps.take(2)).map(valueOf), ['again', 'marker']);
    },
  },
  {
    name: 'release with a delay redelivers, not before its time',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message('again'), to(queue));
      const inbox = await bench.consume(transport, [queue]);
      const first = await inbox.next();
      const started = performance.now();
      await first.release(1);
      assert.equal(valueOf(await inbox.next('the redelivery')), 'again');
      assert.ok(performance.now() - started >= 900, 'held back for a second');
    },
  },
  {
    name: 'a delivery settled twice is refused the second time and stays settled',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message(1), to(queue));
      const inbox = await bench.consume(transport, [queue]);
      const delivery = await inbox.next();
      await delivery.ack();
      await assert.rejects(delivery.release(), { code: 'STATE_INVALID' });
      await transport.publish(message(2), to(queue));
      assert.equal(valueOf(await inbox.next()), 2);
    },
  },
  {
    name: 'unsettled messages return after close, and their deliveries are told',
    run: async (bench) => {
      const first = await bench.transport();
      const queue = bench.queue('q');
      await first.declare([queue]);
      await Promise.all([1, 2, 3].map((n) => first.publish(message(n), to(queue))));
      const inbox = await bench.consume(first, [queue]);
      const held = await inbox.take(3);
      await held[0]?.ack();
      await first.close();
      assert.deepEqual(
        held.map((delivery) => delivery.lost.aborted),
        [false, true, true],
      );
      const second = await bench.transport();
      const again = await bench.consume(second, [queue]);
      const returned = await again.take(2);
      assert.deepEqual(new Set(returned.map(valueOf)), new Set(held.slice(1).map(valueOf)));
      assert.ok(returned.every((delivery) => delivery.info.redelivered));
    },
  },
  {
    name: 'size counts what waits and purge removes it',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      assert.equal(await transport.size(queue.name), 0);
      for (const n of [1, 2, 3]) await transport.publish(message(n), to(queue));
      await eventually('three wait', async () => (await transport.size(queue.name)) === 3);
      const { waiting, ...others } = await transport.count(queue.name);
      assert.equal(waiting, 3);
      for (const [what, count] of Object.entries(others)) assert.ok(count === null || count === 0, what);
      assert.equal(await transport.purge(queue.name), 3);
      await eventually('none waits', async () => (await transport.size(queue.name)) === 0);
    },
  },
  {
    name: 'count tells what is held and who consumes, where the broker does',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      const consumer = await bench.consume(transport, [queue]);
      await transport.publish(message(1), to(queue));
      await consumer.take(1);
      const counts = await transport.count(queue.name);
      assert.ok(counts.held === null || counts.held === 1, `held: ${counts.held}`);
      assert.ok(counts.consumers === null || counts.consumers === 1, `consumers: ${counts.consumers}`);
      assert.equal(counts.waiting, 0);
    },
  },
  {
    name: 'a deleted queue is gone, and deleting it again is harmless',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message(1), to(queue));
      await transport.deleteQueue(queue.name);
      await transport.deleteQueue(queue.name);
      await assert.rejects(transport.size(queue.name), { code: 'NOT_DECLARED' });
    },
  },
  {
    name: 'close sends what was batched, and can be repeated',
    run: async (bench) => {
      const first = await bench.transport();
      const queue = bench.queue('q');
      await first.declare([queue]);
      const sent = first.publish(message('flushed'), to(queue));
      await first.close();
      await within('the publish', sent);
      await first.close();
      await assert.rejects(first.publish(message('late'), to(queue)), { code: 'STATE_INVALID' });
      const second = await bench.transport();
      const inbox = await bench.consume(second, [queue]);
      const delivery = await inbox.next();
      const acked = delivery.ack();
      await second.close();
      await within('the ack', acked);
      const third = await bench.transport();
      await third.declare([queue]);
      assert.equal(await third.size(queue.name), 0);
    },
  },
];
