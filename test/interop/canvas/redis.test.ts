import { NO_REDIS } from '../../support/redis.js';
import { exercise } from './exercise.js';

const missing =
  process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined
    ? NO_REDIS
    : undefined;
for (const results of ['redis', 'postgres', 'rpc'] as const) await exercise('redis', results, missing);
