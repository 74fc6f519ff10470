import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import type { Transport } from '../../src/messaging/index.js';
import type { ResultBackend, ResultRecord } from '../../src/results/index.js';
import { createRpcResultBackend } from '../../src/results/rpc/index.js';
import { exerciseResultBackend } from '../../src/testing/conformance/result-backends.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';
import { describeRedis, redisContext } from '../support/redis.js';

const NOT_FOR_REPLIES = [
  {
    case: 'what was stored is seen through another connection',
    reason: 'a reply goes to its caller alone',
  },
  { case: 'a saved group is restored with its members, in order', reason: 'nobody keeps groups' },
  { case: 'a deleted group is restored no more, its results stay', reason: 'nobody keeps groups' },
  { case: 'a group nobody saved is undefined', reason: 'nobody keeps groups' },
];

/** The replies of one caller: all backends of a case send to the first of them, which reads. */
function exerciseReplies(name: string, open: () => Promise<Transport>): void {
  let transport: Transport;
  beforeAll(async () => {
    transport = await open();
    await transport.connect();
  });
  afterAll(() => transport.close());
  let caller: { readonly backend: ResultBackend; readonly replyTo: string } | undefined;
  exerciseResultBackend(`rpc over ${name}`, {
    runner: { describe, it },
    skip: NOT_FOR_REPLIES,
    create: async () => {
      const replyTo = randomUUID();
      const backend = await createRpcResultBackend({
        url: 'rpc://',
        options: {},
        logger: silentLogger,
        clock: systemClock,
        messaging: { broker: async () => transport, replyTo },
      });
      await backend.connect();
      await backend.expectReplies?.();
      const first = caller === undefined;
      const { backend: reader, replyTo: address } = (caller ??= { backend, replyTo });
      const close = backend.close.bind(backend);
      return Object.assign(backend, {
        store: repliedTo(backend, reader, address),
        close: async () => {
          if (first) caller = undefined;
          await close();
        },
      });
    },
  });
}

/** Sends to that caller, and resolves when it has read the reply: `store` by itself resolves when the broker has it. */
function repliedTo(sender: ResultBackend, reader: ResultBackend, replyTo: string) {
  const store = sender.store.bind(sender);
  return async (record: ResultRecord): Promise<void> => {
    await store({ ...record, replyTo });
    // Replies are read in their order: who has this one has the other.
    const mark = randomUUID();
    const ended = new AbortController();
    const marked = store({ taskId: mark, status: 'MARK', result: null, traceback: null, replyTo });
    for await (const _ of reader.watch([mark], ended)) {
      if ((await reader.get([mark]))[0]?.status === 'MARK') break;
    }
    await marked;
    await reader.forget(mark);
  };
}

describeRabbitmq('replies on RabbitMQ', (vhost) => {
  exerciseReplies('RabbitMQ', () => createAmqpTransport(amqpContext(vhost().url)));
});

describeRedis('replies on Redis', (place) => {
  exerciseReplies('Redis', () => createRedisTransport(redisContext(place())));
});
