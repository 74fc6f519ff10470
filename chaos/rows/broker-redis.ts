import { silentLogger, systemClock } from '../../src/base/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { etaBeyondVisibility } from '../../test/chaos/redis-eta.js';
import { type Connect, sentinelFailover } from '../../test/chaos/redis-failover.js';
import {
  flaps,
  halfOpen,
  type RecoveryCounts,
  revokedRights,
  serverKills,
} from '../../test/chaos/redis-faults.js';
import { celeryPython } from '../../test/support/python.js';
import { atMost, type ChaosRow, type Figure, none, type RowContext, rowsOn, within } from '../harness/row.js';

const connect: Connect = (url, options) =>
  createRedisTransport({ url, options, logger: silentLogger, clock: systemClock });

const recovered = ({ lost, slowestRecoveryMs }: RecoveryCounts, seconds: number): readonly Figure[] => [
  none('accepted and lost', lost),
  within('slowest recovery in seconds', slowestRecoveryMs / 1000, seconds),
];

const row = rowsOn('redis');

async function distantEta({ count }: RowContext): Promise<readonly Figure[]> {
  const python = celeryPython();
  if (python === undefined) throw new Error('needs a Python with Celery: npm run python-peer');
  const { tasks, runs, missing, earliestMs, latestMs, inMemory } = await etaBeyondVisibility({
    python,
    tasks: count(40, 1_000),
    countdownSeconds: count(15, 120),
    visibilitySeconds: count(2, 5),
    workers: 4,
  });
  return [
    none('missing', missing),
    none('extra runs', runs - tasks),
    none('held in the memory of a worker', inMemory),
    within('earliest, in seconds before its time', -earliestMs / 1000, 0),
    within('latest, in seconds after its time', latestMs / 1000, 2),
  ];
}

async function failover(): Promise<readonly Figure[]> {
  const { accepted, lost } = await sentinelFailover(connect);
  // Replication is asynchronous: what the old master alone had taken is gone with it.
  return [atMost('share of the accepted that was lost with the master', lost / Math.max(1, accepted), 0.01)];
}

/** What Redis does to us. */
export const redisRows: readonly ChaosRow[] = [
  row('F31', 'the broker is killed and started again', async ({ count }) =>
    recovered(await serverKills(connect, { times: count(5, 200) }), 5),
  ),
  row('F32', 'every connection is reset again and again', async () => recovered(await flaps(connect), 5)),
  row('F33', 'the connections stay open and nothing passes', async () =>
    recovered(await halfOpen(connect), 10),
  ),
  row('F39', 'an ETA far beyond the visibility timeout', distantEta),
  row('F42', 'rights are taken away and given back', async ({ count }) =>
    recovered(await revokedRights(connect, { forMs: count(2_000, 60_000) }), 5),
  ),
  row('F46', 'the master dies and a replica takes its place', failover),
];
