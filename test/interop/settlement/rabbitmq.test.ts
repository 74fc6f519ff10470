import { describeRabbitmq } from '../../support/rabbitmq.js';
import { exerciseSettlement } from './exercise.js';

describeRabbitmq('what becomes of a task and its message, on RabbitMQ', (vhost) => {
  exerciseSettlement('RabbitMQ', () => ({
    broker_url: vhost().url,
    result_backend: process.env.WORKERTOOLBOX_TEST_REDIS_URL ?? 'rpc://',
    worker_proc_alive_timeout: 30,
    broker_connection_retry_on_startup: true,
  }));
});
