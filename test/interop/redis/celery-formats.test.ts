import { afterAll } from 'vitest';
import { celeryPython } from '../../support/python.js';
import { NO_REDIS, startRedis } from '../../support/redis.js';
import { makeSigners } from '../../support/signers.js';
import { FLOWS } from '../celery/cases/flow.js';
import { formatCases, signedCases } from '../celery/cases/formats.js';
import { exercise } from '../celery/exercise.js';
import type { Place } from '../celery/support/place.js';

const place = async (): Promise<Place> => {
  const server = await startRedis();
  return { url: server.url, options: {}, remove: () => server.kill() };
};
const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const python = celeryPython();
const signers = python ? makeSigners(python, ['python', 'typescript']) : undefined;
afterAll(() => signers?.remove());
const common = {
  place,
  anyProperty: true,
  flows: FLOWS.filter(({ at }) => at !== 'both'),
  shared: false,
  missing: skipped ? NO_REDIS : undefined,
};

await exercise('Celery on Redis in every format', {
  ...common,
  accept: ['json', 'yaml', 'msgpack', 'pickle'],
  cases: [formatCases],
});

await exercise('Celery on Redis, signed', { ...common, ...(signers && { signers }), cases: [signedCases] });
