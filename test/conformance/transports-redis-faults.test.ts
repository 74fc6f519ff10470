import { describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import type { Connect } from '../chaos/redis-failover.js';
import { flaps, halfOpen, type RecoveryCounts, revokedRights, serverKills } from '../chaos/redis-faults.js';
import { NO_REDIS } from '../support/redis.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const connect: Connect = (url, options) =>
  createRedisTransport({ url, options, logger: silentLogger, clock: systemClock });

describe.skipIf(skipped)(`Redis under load, interrupted${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  it.each<readonly [string, () => Promise<RecoveryCounts>, number]>([
    ['killed and started again with its append-only file', () => serverKills(connect), 5000],
    ['reset 50 times, 100 ms apart', () => flaps(connect), 5000],
    ['frozen, connections open', () => halfOpen(connect), 10_000],
    ['without rights for two seconds', () => revokedRights(connect), 5000],
  ])(
    '%s: nothing accepted is lost, and consuming goes on',
    async (figure, scenario, soonEnoughMs) => {
      const counts = await scenario();
      console.info(JSON.stringify({ figure, ...counts }));
      expect(counts.lost).toBe(0);
      expect(counts.slowestRecoveryMs).toBeLessThan(soonEnoughMs);
    },
    120_000,
  );
});
