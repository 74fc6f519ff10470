import { describe, expect, it } from 'vitest';
import { startSqsServer } from '../../src/embedded/sqs/index.js';
import { type BlockedCounts, blockedLoop } from '../chaos/blocked-loop.js';
import { createVhost, hasRabbitmq, NO_RABBITMQ } from '../support/rabbitmq.js';
import { NO_REDIS, startRedis } from '../support/redis.js';

const figure = (broker: string, counts: BlockedCounts): void =>
  console.info(JSON.stringify({ figure: 'blocked loop', broker, ...counts }));

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;

describe.skipIf(skipped)(`a task that blocks the event loop${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  it.each([
    ['keeps what its worker holds on Redis, by a thread', true],
    ['loses it to a neighbour where that thread is turned off', false],
  ])(
    '%s',
    async (_name, guarded) => {
      const server = await startRedis();
      const options = { visibility_timeout: 4, lease_thread: guarded };
      const settings = { broker_url: server.url, broker_transport_options: options };
      const counts = await blockedLoop(settings, { blockedMs: 12_000 }).finally(() => server.kill());
      figure(`redis, thread: ${guarded}`, counts);
      expect(counts.warnings).toBeGreaterThanOrEqual(1);
      expect(counts.worstLagSeconds).toBeGreaterThan(10);
      if (guarded) expect(counts).toMatchObject({ starts: 8, taken: 0, interruptions: 0 });
      else expect(counts.taken).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('a task that blocks the event loop of a worker on SQS', () => {
  const blocked = async (
    thread: boolean,
    options: { readonly meanwhile?: number } = {},
  ): Promise<BlockedCounts> => {
    const server = await startSqsServer();
    const broker_transport_options = {
      region: 'us-east-1',
      visibility_timeout: 5,
      wait_time_seconds: 20,
      lease_thread: thread,
    };
    const settings = { broker_url: `sqs://key:secret@127.0.0.1:${server.port}`, broker_transport_options };
    const counts = await blockedLoop(settings, { blockedMs: 15_000, ...options }).finally(() =>
      server.close(),
    );
    figure(`sqs, thread: ${thread}`, counts);
    return counts;
  };

  it('keeps what its worker holds, by a thread', async () => {
    expect(await blocked(true)).toMatchObject({ starts: 8, taken: 0, interruptions: 0 });
  }, 120_000);

  it('runs what came unread once, whoever gets it', async () => {
    expect(await blocked(true, { meanwhile: 6 })).toMatchObject({ starts: 14, taken: 6, interruptions: 0 });
  }, 120_000);

  it('loses it to a neighbour where that thread is turned off', async () => {
    expect((await blocked(false)).taken).toBeGreaterThan(0);
  }, 120_000);
});

const away = !hasRabbitmq();

describe.skipIf(away)(
  `a task that blocks the event loop of a worker on RabbitMQ${away ? ` (${NO_RABBITMQ})` : ''}`,
  () => {
    it('keeps its connections for longer than heartbeats may be missing', async () => {
      const vhost = await createVhost();
      const settings = { broker_url: vhost.url, broker_heartbeat: 5 };
      const counts = await blockedLoop(settings, { blockedMs: 16_000, meanwhile: 4 }).finally(() =>
        vhost.remove(),
      );
      figure('rabbitmq', counts);
      expect(counts).toMatchObject({ starts: 12, taken: 0, interruptions: 0 });
    }, 120_000);
  },
);
