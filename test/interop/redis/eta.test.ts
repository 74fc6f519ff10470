import { describe, expect, it } from 'vitest';
import { etaBeyondVisibility } from '../../chaos/redis-eta.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { NO_REDIS } from '../../support/redis.js';

const python = celeryPython();
const redis = process.env.WORKERTOOLBOX_TEST_REDIS_URL !== undefined || process.env.CI !== undefined;
const missing = python === undefined ? NO_PYTHON : redis ? undefined : NO_REDIS;

describe.skipIf(missing !== undefined)(
  `ETA beyond the visibility timeout${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it.each([false, true])(
      'runs each of 200 tasks of a Python producer once, at its time; workers replaced meanwhile: %s',
      async (replaceWorkers) => {
        const counts = await etaBeyondVisibility({
          python: String(python),
          tasks: 200,
          countdownSeconds: 9,
          visibilitySeconds: 2,
          workers: 4,
          replaceWorkers,
        });
        console.info(JSON.stringify({ figure: 'eta beyond visibility', replaceWorkers, ...counts }));
        expect(counts).toMatchObject({ runs: 200, missing: 0, parked: 200, inMemory: 0 });
        expect(counts.earliestMs).toBeGreaterThanOrEqual(-5);
        expect(counts.latestMs).toBeLessThan(2000);
      },
      60_000,
    );
  },
);
