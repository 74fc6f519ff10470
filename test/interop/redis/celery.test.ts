import { NO_REDIS, startRedis } from '../../support/redis.js';
import { exercise } from '../celery/exercise.js';
import type { Place } from '../celery/support/place.js';

const place = async (): Promise<Place> => {
  const server = await startRedis();
  return { url: server.url, options: {}, remove: () => server.kill() };
};

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
await exercise('Celery on Redis', { place, anyProperty: true, missing: skipped ? NO_REDIS : undefined });
