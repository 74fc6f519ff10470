import { describe, it } from 'vitest';
import { exerciseTransport } from '../../src/testing/conformance/transports.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { describeRedis, redisContext } from '../support/redis.js';

describeRedis('Redis', (place) => {
  exerciseTransport('redis', {
    create: (options = {}) => createRedisTransport(redisContext(place(), { ...options })),
    runner: { describe, it },
    priorities: { urgent: 0, patient: 9 },
    skip: [
      {
        case: 'a fanout exchange reaches every bound queue',
        reason: 'kombu broadcasts by publish and subscribe: queues receive while somebody consumes from them',
      },
    ],
  });
});
