import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ReceivedReply, ReceivedRequest } from '../../bus/index.js';
import { Heard, request } from './buses-bench.js';
import type { BusCase } from './buses-case.js';

/** A name of its own: durable queues of an earlier node keep what they were sent. */
const newNode = (): string => `${randomUUID()}@here`;

const sending = { clock: 7, ttlSeconds: 1 };

export const busCommandCases: readonly BusCase[] = [
  {
    name: "a command reaches every node, the sender's own included",
    async run(bench) {
      const [one, two] = [await bench.bus(), await bench.bus()];
      const [first, second] = [new Heard<ReceivedRequest>(), new Heard<ReceivedRequest>()];
      await one.serve(newNode(), first.add);
      await two.serve(newNode(), second.add);
      await one.send(request('ping'), sending);
      for (const each of [first, second])
        assert.equal((await each.first(({ method }) => method === 'ping')).clock, 7);
    },
  },
  {
    name: 'a command arrives as it was sent, and says who sent it',
    async run(bench) {
      const [sender, node] = [await bench.bus(), await bench.bus()];
      const heard = new Heard<ReceivedRequest>();
      await node.serve(newNode(), heard.add);
      const sent = request('revoke', {
        arguments: {
          task_id: ['a', 'b'],
          terminate: true,
          signal: null,
          text: 'ü\u0000\u2028',
          n: 1.5,
          far: { deep: [1, {}] },
        },
        destination: ['w1@here', 'w9@there'],
        ticket: 'ticket',
        reply_to: { exchange: 'reply.celery.pidbox', routing_key: 'nobody' },
      });
      await sender.send(sent, sending);
      const { clock, sender: who, ...got } = await heard.first(() => true);
      assert.deepEqual(got, sent);
      assert.equal(clock, 7);
      assert.match(String(who), /bench/);
    },
  },
  {
    name: 'what was sent before a node served is not heard by it',
    async run(bench) {
      const bus = await bench.bus();
      await bus.send(request('early'), sending);
      const heard = new Heard<ReceivedRequest>();
      await bus.serve(newNode(), heard.add);
      await bus.send(request('late'), sending);
      await heard.first(({ method }) => method === 'late');
      assert.deepEqual(
        heard.items.map(({ method }) => method),
        ['late'],
      );
    },
  },
  {
    name: 'commands of one sender keep their order',
    async run(bench) {
      const [sender, node] = [await bench.bus(), await bench.bus()];
      const heard = new Heard<ReceivedRequest>();
      await node.serve(newNode(), heard.add);
      const names = Array.from({ length: 30 }, (_, n) => `c${n}`);
      for (const name of names) await sender.send(request(name), sending);
      await heard.first(({ method }) => method === 'c29');
      assert.deepEqual(
        heard.items.map(({ method }) => method),
        names,
      );
    },
  },
  {
    name: 'a node that has closed hears nothing more',
    async run(bench) {
      const [bus, other] = [await bench.bus(), await bench.bus()];
      const [closed, open] = [new Heard<ReceivedRequest>(), new Heard<ReceivedRequest>()];
      const subscription = await bus.serve(newNode(), closed.add);
      await other.serve(newNode(), open.add);
      await subscription.close();
      await bus.send(request('ping'), sending);
      await open.first(() => true);
      assert.deepEqual(closed.items, []);
    },
  },
  {
    name: 'a reply reaches the one who asked, with its ticket and clock',
    async run(bench) {
      const [asking, bystander, node] = [await bench.bus(), await bench.bus(), await bench.bus()];
      const [mine, theirs] = [new Heard<ReceivedReply>(), new Heard<ReceivedReply>()];
      const box = await asking.openReplies(mine.add);
      const other = await bystander.openReplies(theirs.add);
      assert.notDeepEqual(box.address, other.address);
      const body = { 'w1@here': { ok: 'pong', more: [null, true, 0.5] } };
      await node.reply(other.address, { ticket: 'other', clock: 1, body: { 'w1@here': null } });
      await node.reply(box.address, { ticket: 'mine', clock: 9, body });
      assert.deepEqual(await mine.first(() => true), { ticket: 'mine', clock: 9, body });
      await theirs.first(() => true);
      assert.equal(theirs.items.length, 1);
      await box.close();
    },
  },
  {
    name: 'a reply to somebody who has gone is no error',
    async run(bench) {
      const [asking, node] = [await bench.bus(), await bench.bus()];
      const box = await asking.openReplies(() => {});
      await box.close();
      await node.reply(box.address, { ticket: 'late', clock: 1, body: { 'w1@here': null } });
    },
  },
];
