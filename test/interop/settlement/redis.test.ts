import { describeRedis } from '../../support/redis.js';
import { exerciseSettlement } from './exercise.js';

describeRedis('what becomes of a task and its message, on Redis', (place) => {
  exerciseSettlement('Redis', () => ({
    broker_url: place().url,
    result_backend: place().url,
    broker_transport_options: { global_keyprefix: place().prefix },
    worker_proc_alive_timeout: 30,
    broker_connection_retry_on_startup: true,
  }));
});
