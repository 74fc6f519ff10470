import assert from 'node:assert/strict';
import { message, rejectsWith, straightTo, to, valueOf } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** Where a published message goes. */
export const routingCases: readonly TransportCase[] = [
  {
    name: 'connects again without harm',
    run: async (bench) => {
      const transport = await bench.transport();
      await transport.connect();
      assert.doesNotMatch(transport.url, /:guest@|:secret@/);
    },
  },
  {
    name: 'declares again without harm',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message(1), to(queue));
      await transport.declare([queue, queue]);
      const inbox = await bench.consume(transport, [queue]);
      const delivery = await inbox.next();
      assert.equal(valueOf(delivery), 1);
      await delivery.ack();
    },
  },
  {
    name: 'a direct exchange reaches the queues of that key only',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('direct', 'direct');
      const red = bench.bound('red', exchange, 'red');
      const blue = bench.bound('blue', exchange, 'blue');
      await transport.declare([red, blue]);
      await transport.publish(message('r'), to(red));
      await transport.publish(message('b'), to(blue));
      const reds = await bench.consume(transport, [red]);
      const blues = await bench.consume(transport, [blue]);
      assert.equal(valueOf(await reds.next()), 'r');
      assert.equal(valueOf(await blues.next()), 'b');
      assert.deepEqual([reds.seen.length, blues.seen.length], [1, 1]);
    },
  },
  {
    name: 'a topic exchange reaches every queue whose pattern matches, once each',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('topic', 'topic');
      const exact = bench.bound('exact', exchange, 'export');
      const all = bench.bound('all', exchange, '#');
      await transport.declare([exact, all]);
      await transport.publish(message(1), { exchange: exchange.name, routingKey: 'export' });
      await transport.publish(message(2), { exchange: exchange.name, routingKey: 'other' });
      const exacts = await bench.consume(transport, [exact]);
      const alls = await bench.consume(transport, [all]);
      assert.deepEqual((await exacts.take(1)).map(valueOf), [1]);
      assert.deepEqual((await alls.take(2)).map(valueOf).sort(), [1, 2]);
      assert.deepEqual([exacts.seen.length, alls.seen.length], [1, 2]);
    },
  },
  {
    name: 'a fanout exchange reaches every bound queue',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('fanout', 'fanout');
      const queues = [bench.bound('one', exchange, ''), bench.bound('two', exchange, '')];
      await transport.declare(queues);
      await transport.publish(message('all'), { exchange: exchange.name, routingKey: 'any' });
      for (const queue of queues) {
        const inbox = await bench.consume(transport, [queue]);
        assert.equal(valueOf(await inbox.next()), 'all');
      }
    },
  },
  {
    name: 'the anonymous exchange reaches the queue named by the key',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await transport.publish(message('anon'), straightTo(queue));
      const inbox = await bench.consume(transport, [queue]);
      const { info, body } = await inbox.next();
      assert.equal(new TextDecoder().decode(body), '"anon"');
      assert.equal(info.exchange, '');
      assert.equal(info.routingKey, queue.name);
      assert.equal(info.queue, queue.name);
    },
  },
  {
    name: 'a tap receives a copy of what others are sent',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('tapped', 'topic');
      const work = bench.bound('work', exchange, 'export');
      const tap = bench.bound('tap', exchange, '#', { tap: true });
      await transport.declare([work, tap]);
      await transport.publish(message('w'), { exchange: exchange.name, routingKey: 'export' });
      const copies = await bench.consume(transport, [tap]);
      const works = await bench.consume(transport, [work]);
      const [copy, original] = [await copies.next(), await works.next()];
      assert.equal(valueOf(copy), 'w');
      assert.equal(valueOf(original), 'w');
      assert.deepEqual(copy.headers, original.headers);
    },
  },
  {
    name: 'refuses as UNROUTABLE what only taps would take, and sends no copy',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('tapped', 'topic');
      const work = bench.bound('work', exchange, 'export');
      const tap = bench.bound('tap', exchange, '#', { tap: true });
      await transport.declare([work, tap]);
      await rejectsWith(
        transport.publish(message('lost'), { exchange: exchange.name, routingKey: 'nobody' }),
        'UNROUTABLE',
      );
      await transport.publish(message('found'), { exchange: exchange.name, routingKey: 'export' });
      const copies = await bench.consume(transport, [tap]);
      assert.equal(valueOf(await copies.next()), 'found');
      assert.equal(copies.seen.length, 1);
    },
  },
  {
    name: 'refuses as UNROUTABLE a key no queue is bound to',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const error = await rejectsWith(
        transport.publish(message(1), { exchange: queue.exchange.name, routingKey: 'nobody' }),
        'UNROUTABLE',
      );
      assert.match(error.message, /nobody/);
    },
  },
  {
    name: 'refuses an anonymous publish to a queue that does not exist',
    run: async (bench) => {
      const transport = await bench.transport();
      const missing = bench.name('missing');
      const error = await rejectsWith(
        transport.publish(message(1), { exchange: '', routingKey: missing }),
        'UNROUTABLE',
      );
      assert.match(error.message, new RegExp(missing));
    },
  },
  {
    name: 'refuses an exchange nobody declared as NOT_DECLARED',
    run: async (bench) => {
      const transport = await bench.transport();
      const missing = bench.name('missing');
      const error = await rejectsWith(
        transport.publish(message(1), { exchange: missing, routingKey: 'key' }),
        'NOT_DECLARED',
      );
      assert.match(error.message, new RegExp(missing));
    },
  },
  {
    name: 'refuses an exchange declared again with another type',
    run: async (bench) => {
      const transport = await bench.transport();
      const name = bench.name('x');
      await transport.declare([bench.bound('a', { name, type: 'direct' }, 'a')]);
      await rejectsWith(
        transport.declare([bench.bound('b', { name, type: 'topic' }, 'b')]),
        'BROKER_REFUSED',
      );
    },
  },
];
