import assert from 'node:assert/strict';
import { message, rejectsWith, straightTo, to, valueOf } from './transports-bench.js';
import type { TransportCase } from './transports-case.js';

/** What arrives is what was sent. */
export const contentCases: readonly TransportCase[] = [
  {
    name: 'body, content type, encoding, headers and properties arrive intact',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const headers = {
        lang: 'py',
        task: 'math.add',
        id: 'b1946ac9',
        shadow: null,
        retries: 0,
        timelimit: [60, null],
        ignore_result: true,
        argsrepr: "('ä', '\u{1f30d}', '\u0000\t\"')",
        stamps: { a: ['b', { c: 1.5 }] },
      };
      const properties = {
        correlation_id: 'b1946ac9',
        reply_to: 'answers',
        delivery_mode: 2,
        priority: 0,
      } as const;
      await transport.publish(message({ n: 1 }, { headers, properties }), to(queue));
      const inbox = await bench.consume(transport, [queue]);
      const delivery = await inbox.next();
      assert.deepEqual(valueOf(delivery), { n: 1 });
      assert.equal(delivery.contentType, 'application/json');
      assert.equal(delivery.contentEncoding, 'utf-8');
      assert.deepEqual({ ...delivery.headers }, headers);
      for (const [name, value] of Object.entries(properties)) assert.equal(delivery.properties[name], value);
      assert.equal(delivery.info.exchange, queue.exchange.name);
      assert.equal(delivery.info.routingKey, queue.routingKey);
      assert.equal(delivery.info.queue, queue.name);
      assert.equal(delivery.info.redelivered, false);
      await delivery.ack();
    },
  },
  {
    name: 'custom properties arrive intact',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const properties = {
        correlation_id: 'c',
        creator_id: 7,
        is_result: true,
        related_object: { id: 'é', list: [1, null] },
      };
      await transport.publish(message(1, { properties }), to(queue));
      const inbox = await bench.consume(transport, [queue]);
      const delivery = await inbox.next();
      for (const [name, value] of Object.entries(properties))
        assert.deepEqual(delivery.properties[name], value);
    },
  },
  {
    name: 'binary and empty bodies arrive byte for byte',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const inbox = await bench.consume(transport, [queue]);
      for (const body of [Uint8Array.from({ length: 512 }, (_, i) => i % 256), new Uint8Array(0)]) {
        const packed = { body, contentType: 'application/x-python-serialize', contentEncoding: 'binary' };
        await transport.publish(message(0, packed), to(queue));
        const delivery = await inbox.next();
        assert.deepEqual(new Uint8Array(delivery.body), body);
        assert.equal(delivery.contentType, packed.contentType);
        assert.equal(delivery.contentEncoding, 'binary');
        await delivery.ack();
      }
    },
  },
  {
    name: 'a message over the limit is refused with BUDGET_EXCEEDED naming the limit, and no copy is sent',
    run: async (bench, _suite, skip) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('x', 'topic');
      const work = bench.bound('work', exchange, 'k');
      const tap = bench.bound('tap', exchange, '#', { tap: true });
      await transport.declare([work, tap]);
      const limit = transport.capabilities.maxMessageBytes;
      if (!Number.isFinite(limit)) return skip('the broker sets no limit');
      const error = await rejectsWith(
        transport.publish(message('x'.repeat(limit + 1)), { exchange: exchange.name, routingKey: 'k' }),
        'BUDGET_EXCEEDED',
      );
      assert.match(error.message, new RegExp(String(limit)));
      await transport.publish(message('small'), { exchange: exchange.name, routingKey: 'k' });
      for (const queue of [tap, work]) {
        const inbox = await bench.consume(transport, [queue]);
        assert.equal(valueOf(await inbox.next()), 'small');
        assert.equal(inbox.seen.length, 1);
      }
    },
  },
  {
    name: '200 messages published at once all arrive, each once',
    run: async (bench) => {
      const transport = await bench.transport();
      const exchange = bench.exchange('x', 'topic');
      const work = bench.bound('work', exchange, 'k');
      const tap = bench.bound('tap', exchange, '#', { tap: true });
      await transport.declare([work, tap]);
      const numbers = Array.from({ length: 200 }, (_, n) => n);
      await Promise.all(
        numbers.map((n) => transport.publish(message(n), { exchange: exchange.name, routingKey: 'k' })),
      );
      for (const queue of [work, tap]) {
        const inbox = await bench.consume(transport, [queue]);
        const deliveries = await inbox.take(numbers.length);
        assert.deepEqual(new Set(deliveries.map(valueOf)), new Set(numbers));
        await Promise.all(deliveries.map((delivery) => delivery.ack()));
        assert.equal(inbox.seen.length, numbers.length);
      }
    },
  },
  {
    name: 'messages published one after the other arrive in that order',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const numbers = Array.from({ length: 12 }, (_, n) => n);
      for (const n of numbers) await transport.publish(message(n), straightTo(queue));
      const inbox = await bench.consume(transport, [queue]);
      assert.deepEqual((await inbox.take(numbers.length)).map(valueOf), numbers);
    },
  },
  {
    name: 'the more urgent priority is delivered first',
    run: async (bench, suite, skip) => {
      const transport = await bench.transport();
      if (!transport.capabilities.priorities) return skip('the transport has no priorities');
      const { urgent, patient } = suite.priorities ?? { urgent: 9, patient: 0 };
      const queue = bench.queue('q', { arguments: { 'x-max-priority': 10 } });
      await transport.declare([queue]);
      await transport.publish(message('patient', { properties: { priority: patient } }), to(queue));
      await transport.publish(message('urgent', { properties: { priority: urgent } }), to(queue));
      const inbox = await bench.consume(transport, [queue], { prefetch: 1 });
      const first = await inbox.next();
      assert.equal(valueOf(first), 'urgent');
      assert.equal(first.info.priority, urgent);
      await first.ack();
      assert.equal(valueOf(await inbox.next()), 'patient');
    },
  },
  {
    name: 'a delayed message arrives, not before its time',
    run: async (bench, _suite, skip) => {
      const transport = await bench.transport();
      if (transport.capabilities.maxDelaySeconds < 1) return skip('the transport cannot delay');
      const queue = bench.queue('q');
      await transport.declare([queue]);
      const inbox = await bench.consume(transport, [queue]);
      const started = performance.now();
      await transport.publish(message('later', { delaySeconds: 1 }), to(queue));
      await transport.publish(message('now'), to(queue));
      assert.deepEqual((await inbox.take(2)).map(valueOf), ['now', 'later']);
      assert.ok(performance.now() - started >= 900, 'held back for a second');
    },
  },
  {
    name: 'a publish whose signal is aborted already is refused with ABORTED and sends nothing',
    run: async (bench) => {
      const transport = await bench.transport();
      const queue = bench.queue('q');
      await transport.declare([queue]);
      await rejectsWith(
        transport.publish(message('no'), { ...to(queue), signal: AbortSignal.abort() }),
        'ABORTED',
      );
      await transport.publish(message('yes'), to(queue));
      const inbox = await bench.consume(transport, [queue]);
      assert.equal(valueOf(await inbox.next()), 'yes');
    },
  },
];
