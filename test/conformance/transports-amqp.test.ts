import { describe, it } from 'vitest';
import { exerciseTransport } from '../../src/testing/conformance/transports.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';

describeRabbitmq('RabbitMQ', (vhost) => {
  exerciseTransport('amqp', {
    create: () => createAmqpTransport(amqpContext(vhost().url)),
    runner: { describe, it },
    skip: [
      {
        case: 'custom properties arrive intact',
        reason: 'AMQP has a fixed list of properties; kombu drops others as well',
      },
    ],
  });
});
