import { describe, it } from 'vitest';
import { resolveSettings, type SettingsInput } from '../../src/app/index.js';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { PidboxBus } from '../../src/bus/index.js';
import { createPostgresBus } from '../../src/bus/postgres/index.js';
import type { Transport } from '../../src/messaging/index.js';
import { migrationsSql } from '../../src/platform/index.js';
import { defaultSerializers } from '../../src/serialization/index.js';
import { exerciseBus } from '../../src/testing/conformance/buses.js';
import type { CreateBus } from '../../src/testing/conformance/buses-bench.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { memoryTransports } from '../../src/transports/memory/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';
import { describeRedis, redisContext } from '../support/redis.js';

const runner = { describe, it };
const common = {
  origin: 'bench',
  serializers: defaultSerializers(),
  logger: silentLogger,
  clock: systemClock,
};

const over =
  (open: () => Promise<Transport>, settings: SettingsInput = {}): CreateBus =>
  async () => {
    const transport = await open();
    await transport.connect();
    const bus = new PidboxBus({
      ...common,
      transport,
      settings: resolveSettings(settings),
    });
    return { bus, end: () => transport.close() };
  };

const memory = memoryTransports();
exerciseBus('memory', {
  runner,
  create: over(() => memory({ url: 'memory://', options: {}, logger: silentLogger, clock: systemClock })),
});

describeRabbitmq('RabbitMQ', (vhost) => {
  const open = (): Promise<Transport> => createAmqpTransport(amqpContext(vhost().url));
  exerciseBus('rabbitmq', { runner, create: over(open) });
  exerciseBus('rabbitmq, durable queues', {
    runner,
    create: over(open, {
      control_exchange: 'kept',
      control_queue_durable: true,
      control_queue_exclusive: false,
    }),
  });
});

describeRedis('Redis', (place) => {
  exerciseBus('redis', { runner, create: over(() => createRedisTransport(redisContext(place()))) });
});

const database = await freshDatabase();
await execute(database, migrationsSql());
exerciseBus('postgresql', {
  runner,
  create: async () => {
    const bus = await createPostgresBus({ ...common, url: database, settings: resolveSettings({}) });
    return { bus, end: async () => {} };
  },
});
