import { describe, expect, it } from 'vitest';
import { blockedLoop } from '../chaos/blocked-loop.js';
import { NO_REDIS, startRedis } from '../support/redis.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;

describe.skipIf(skipped)(`a task that blocks the event loop${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  it.each([
    ['keeps what its worker holds on Redis, by a thread', true],
    ['loses it to a neighbour where that thread is turned off', false],
  ])(
    '%s',
    async (_name, guarded) => {
      const server = await startRedis();
      const options = { visibility_timeout: 2, lease_thread: guarded };
      const settings = { broker_url: server.url, broker_transport_options: options };
      const counts = await blockedLoop(settings, { blockedMs: 8000 }).finally(() => server.kill());
      console.info(JSON.stringify({ figure: 'blocked loop', guarded, ...counts }));
      expect(counts.warnings).toBeGreaterThanOrEqual(1);
      expect(counts.worstLagSeconds).toBeGreaterThan(6);
      if (guarded) expect(counts).toMatchObject({ starts: 8, taken: 0 });
      else expect(counts.taken).toBeGreaterThan(0);
    },
    120_000,
  );
});
