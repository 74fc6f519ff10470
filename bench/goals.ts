import {
  CALLS,
  CHORD,
  CPU,
  IDLE_CALLS,
  IDLE_CPU,
  P50,
  P99,
  RATE,
  RSS,
  TRANSACTIONS,
  UNLOCKS,
  WORST,
} from './harness/bench-case.js';
import { type Results, rounded } from './harness/report.js';

/** A ratio of two medians of the same run, or a median by itself, with its gate. */
export interface Gate {
  /** A number of the list of goals, or the subject of one that has no number. */
  readonly goal: number | 'pools';
  readonly what: string;
  readonly figure: string;
  readonly ours: string;
  /** None: the figure itself is gated. */
  readonly other?: string;
  /** It must be at least, or at most, this. */
  readonly least?: number;
  readonly most?: number;
}

const gate = (
  goal: Gate['goal'],
  what: string,
  figure: string,
  ours: string,
  other: string,
  bound: Pick<Gate, 'least' | 'most'>,
): Gate => ({ goal, what, figure, ours, other, ...bound });

const atMost = (goal: number, what: string, ours: string, most: number, figure = CALLS): Gate => ({
  goal,
  what,
  figure,
  ours,
  most,
});

/** The gates that concern the cases of this benchmark. */
export const GATES: readonly Gate[] = [
  gate(1, 'worker, CPU beside Celery prefork', CPU, 'worker/ours', 'worker/celery-prefork', { most: 1 / 8 }),
  gate(1, 'worker, rate beside Celery prefork', RATE, 'worker/ours', 'worker/celery-prefork', { least: 2.5 }),
  gate(1, 'worker, rate beside the raw client', RATE, 'worker/ours', 'consume/raw', { least: 0.55 }),
  gate('pools', 'prefork, CPU beside Celery prefork', CPU, 'pool/ours-prefork', 'pool/celery-prefork', {
    most: 0.75,
  }),
  gate('pools', 'threads, CPU beside async', CPU, 'pool/ours-threads', 'pool/ours-async', { most: 1.6 }),
  gate(
    'pools',
    'tasks of 5 ms of computing, rate of threads beside Celery prefork',
    RATE,
    'pool/spin-ours-threads',
    'pool/spin-celery-prefork',
    { least: 0.95 },
  ),
  gate(
    'pools',
    'tasks of 5 ms of computing, rate of prefork beside Celery prefork',
    RATE,
    'pool/spin-ours-prefork',
    'pool/spin-celery-prefork',
    { least: 0.95 },
  ),
  gate(2, 'worker, CPU beside Celery solo', CPU, 'worker/ours', 'worker/celery-solo', { most: 1 / 4 }),
  gate(2, 'worker, rate beside Celery solo', RATE, 'worker/ours', 'worker/celery-solo', { least: 1.8 }),
  gate(7, 'producer, rate beside Celery without confirms', RATE, 'produce/ours', 'produce/celery', {
    least: 1.2,
  }),
  gate(7, 'producer, rate beside Celery with confirms', RATE, 'produce/ours', 'produce/celery-confirm', {
    least: 5,
  }),
  gate(7, 'producer, rate beside the raw client', RATE, 'produce/ours', 'publish/raw', { least: 0.7 }),
  gate(7, 'producer, CPU beside Celery', CPU, 'produce/ours', 'produce/celery', { most: 1 / 4 }),
  gate(
    8,
    'producer one by one, rate beside Celery with confirms',
    RATE,
    'produce/ours-serial',
    'produce/celery-confirm',
    { least: 0.9 },
  ),
  gate(
    8,
    'producer one by one, CPU beside Celery with confirms',
    CPU,
    'produce/ours-serial',
    'produce/celery-confirm',
    { most: 1 },
  ),
  gate(10, 'topic with two queues, CPU beside one queue', CPU, 'produce/ours-topic', 'produce/ours', {
    most: 1.1,
  }),
  gate(5, 'results in PostgreSQL, CPU beside Celery prefork', CPU, 'results/ours', 'results/celery-prefork', {
    most: 1 / 20,
  }),
  gate(
    5,
    'results in PostgreSQL, rate beside Celery prefork',
    RATE,
    'results/ours',
    'results/celery-prefork',
    { least: 10 },
  ),
  gate(
    6,
    'with started-tracking, CPU beside Celery prefork',
    CPU,
    'results/ours-started',
    'results/celery-prefork-started',
    { most: 1 / 25 },
  ),
  gate(
    6,
    'with started-tracking, rate beside Celery prefork',
    RATE,
    'results/ours-started',
    'results/celery-prefork-started',
    { least: 12 },
  ),
  gate(6, 'with started-tracking, CPU beside without', CPU, 'results/ours-started', 'results/ours', {
    most: 1.5,
  }),
  gate(
    16,
    'start to consuming, wall beside Celery prefork',
    'start s',
    'start/ours',
    'start/celery-prefork',
    { most: 0.6 },
  ),
  gate(
    16,
    'start to consuming, CPU beside Celery prefork',
    'start cpu s',
    'start/ours',
    'start/celery-prefork',
    { most: 1.5 },
  ),
  gate(17, 'memory under load beside Celery prefork', RSS, 'worker/ours', 'worker/celery-prefork', {
    most: 0.85,
  }),
  gate(17, 'memory with PostgreSQL beside Celery prefork', RSS, 'results/ours', 'results/celery-prefork', {
    most: 0.85,
  }),
  gate(
    3,
    'results in Redis, CPU beside Celery prefork',
    CPU,
    'redis-results/ours',
    'redis-results/celery-prefork',
    {
      most: 1 / 8,
    },
  ),
  gate(
    3,
    'results in Redis, rate beside Celery prefork',
    RATE,
    'redis-results/ours',
    'redis-results/celery-prefork',
    {
      least: 4,
    },
  ),
  gate(
    4,
    'worker on Redis, CPU beside Celery prefork',
    CPU,
    'redis-worker/ours',
    'redis-worker/celery-prefork',
    {
      most: 1 / 8,
    },
  ),
  gate(
    4,
    'worker on Redis, rate beside Celery prefork',
    RATE,
    'redis-worker/ours',
    'redis-worker/celery-prefork',
    {
      least: 4,
    },
  ),
  gate(4, 'worker on Redis, rate beside BullMQ', RATE, 'redis-worker/ours', 'redis-worker/bullmq', {
    least: 0.8,
  }),
  gate(4, 'worker on Redis, CPU beside BullMQ', CPU, 'redis-worker/ours', 'redis-worker/bullmq', {
    most: 1.2,
  }),
  gate(9, 'producer on Redis, rate beside Celery', RATE, 'redis-produce/ours', 'redis-produce/celery', {
    least: 5,
  }),
  gate(9, 'producer on Redis, CPU beside Celery', CPU, 'redis-produce/ours', 'redis-produce/celery', {
    most: 1 / 5,
  }),
  gate(9, 'producer on Redis, rate beside BullMQ add', RATE, 'redis-produce/ours', 'redis-produce/bullmq', {
    least: 0.8,
  }),
  gate(
    14,
    'call and result in Redis, median beside Celery',
    P50,
    'latency-redis/ours',
    'latency-redis/celery',
    {
      most: 0.7,
    },
  ),
  gate(14, 'call and result in Redis, p99 beside Celery', P99, 'latency-redis/ours', 'latency-redis/celery', {
    most: 1,
  }),
  gate(
    15,
    'call and result in PostgreSQL, median beside Celery at 2 ms',
    P50,
    'latency/ours',
    'latency/celery-2ms',
    {
      most: 0.6,
    },
  ),
  gate(15, 'call and result in PostgreSQL, worst beside Celery', WORST, 'latency/ours', 'latency/celery', {
    most: 0.2,
  }),
  atMost(18, 'idle worker on RabbitMQ, % of a core', 'idle/ours', 0.5, IDLE_CPU),
  atMost(18, 'idle worker on Redis, % of a core', 'idle/ours-redis', 0.5, IDLE_CPU),
  gate(19, 'chord of 1,000 in PostgreSQL beside Celery', CHORD, 'chord/ours', 'chord/celery', {
    most: 1 / 5,
  }),
  gate(
    19,
    "chord of 1,000 in PostgreSQL beside Celery's in Redis",
    CHORD,
    'chord/ours',
    'chord-redis/celery',
    {
      most: 1.2,
    },
  ),
  atMost(19, 'chord of 1,000, polls for its end', 'chord/ours', 0, UNLOCKS),
  atMost(19, 'chord of 1,000, transactions of the database', 'chord/ours', 1_100, TRANSACTIONS),
  gate(20, 'sync-tasks, rate beside one by one', RATE, 'sync/ours', 'sync/one-by-one', { least: 5 }),
  gate(20, 'sync-tasks, CPU beside one by one', CPU, 'sync/ours', 'sync/one-by-one', { most: 1 / 7 }),
  gate(20, 'sync-tasks, rate beside the reference script', RATE, 'sync/ours', 'sync/reference', {
    least: 0.7,
  }),
  atMost(11, 'SQS calls per task, burst, producer with two queues (Celery 2.0)', 'sqs/produce', 0.22),
  atMost(11, 'SQS calls per task, burst, worker (Celery 2.35)', 'sqs/worker', 0.25),
  atMost(11, 'SQS calls per task, burst, sync-tasks (the original 2.0)', 'sqs/sync', 0.25),
  atMost(12, 'SQS calls per task, 4 tasks/s, worker (Celery 3.05)', 'sqs/worker-trickle', 2),
  atMost(12, 'SQS calls per task, 4 tasks/s, whole path (Celery 7.05)', 'sqs/whole-trickle', 6),
  atMost(13, 'SQS calls when idle, per queue and minute (Celery 6)', 'sqs/idle', 3.1, IDLE_CALLS),
];

export interface Verdict extends Gate {
  readonly ratio: number;
  readonly met: boolean;
}

export function verdicts(results: Results): Verdict[] {
  return GATES.flatMap((one) => {
    const ours = results.median(one.ours, one.figure);
    const other = one.other === undefined ? 1 : results.median(one.other, one.figure);
    if (ours === undefined || other === undefined) return [];
    const ratio = ours / other;
    return [
      { ...one, ratio, met: ratio >= (one.least ?? 0) && ratio <= (one.most ?? Number.POSITIVE_INFINITY) },
    ];
  });
}

export function goalTable(all: readonly Verdict[]): string {
  const bound = ({ least, most }: Gate): string =>
    least === undefined ? `≤ ${rounded(most ?? 0)}` : `≥ ${rounded(least)}`;
  return [
    '| goal | ratio of medians, or figure | gate | measured | met |',
    '|---|---|---|---|---|',
    ...all.map(
      (one) =>
        `| ${one.goal} | ${one.what} | ${bound(one)} | ${rounded(one.ratio)} | ${one.met ? 'yes' : '**no**'} |`,
    ),
  ].join('\n');
}
