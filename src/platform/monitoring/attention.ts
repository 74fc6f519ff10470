import type { Database } from '../store/database.js';
import type { Attention, QueueView, WorkerView } from '../views/index.js';

export interface Seen {
  readonly queues: readonly QueueView[];
  readonly workers: readonly WorkerView[];
}

/** Seconds by which clocks may differ, and by which recording may lag. */
const CLOCK_SECONDS = 2;
const LAG_SECONDS = 60;
const LAG_MESSAGES = 1000;

const QUARANTINED = {
  name: 'workertoolbox-quarantined',
  text: 'SELECT count(*)::int AS count FROM (SELECT 1 FROM workertoolbox.quarantine LIMIT 10001) AS found',
};

/** What needs a person: problems first. */
export async function attentionTo(database: Database, seen: Seen): Promise<readonly Attention[]> {
  const [quarantined] = await database.query<{ count: number }>(QUARANTINED);
  return [
    ...ofQueues(seen),
    ...ofWorkers(seen),
    ...about('quarantine', 'warning', quarantined?.count ?? 0, '/quarantine', (n) => `${n} in quarantine`),
  ].sort((one, other) => Number(other.severity === 'problem') - Number(one.severity === 'problem'));
}

function ofQueues({ queues }: Seen): readonly Attention[] {
  const names = (some: readonly QueueView[]): string => some.map(({ name }) => name).join(', ');
  const idle = queues.filter(
    ({ depth, consumers, paused }) => !paused && (depth ?? 0) > 0 && consumers === 0,
  );
  const paused = queues.filter((queue) => queue.paused);
  const lagging = queues.filter(
    ({ name, depth, oldestSeconds }) =>
      name.endsWith('.fifo') && ((depth ?? 0) > LAG_MESSAGES || (oldestSeconds ?? 0) > LAG_SECONDS),
  );
  return [
    ...about('no-consumer', 'problem', idle.length, '/queues', () => `nobody consumes from ${names(idle)}`),
    ...about(
      'tracking-lag',
      'problem',
      lagging.length,
      '/queues',
      () => `recording lags behind on ${names(lagging)}`,
    ),
    ...about('paused-queue', 'warning', paused.length, '/queues', () => `paused: ${names(paused)}`),
  ];
}

function ofWorkers({ workers }: Seen): readonly Attention[] {
  const names = (some: readonly WorkerView[]): string => some.map(({ name }) => name).join(', ');
  const silent = workers.filter(({ status }) => status === 'silent');
  const off = workers.filter(
    ({ status, clockOffsetSeconds }) => status === 'up' && Math.abs(clockOffsetSeconds ?? 0) > CLOCK_SECONDS,
  );
  return [
    ...about(
      'silent-workers',
      'problem',
      silent.length,
      '/workers',
      () => `nothing is heard of ${names(silent)}`,
    ),
    ...about(
      'clock-offset',
      'warning',
      off.length,
      '/workers',
      () => `clocks differ by over ${CLOCK_SECONDS} s: ${names(off)}`,
    ),
  ];
}

const about = (
  kind: Attention['kind'],
  severity: Attention['severity'],
  count: number,
  link: string,
  message: (count: number) => string,
): readonly Attention[] => (count === 0 ? [] : [{ kind, severity, count, link, message: message(count) }]);
