import { taskMessage } from '../children/sample-message.js';
import type { BenchCase } from '../harness/bench-case.js';
import { benchCase } from '../harness/measure.js';
import { celeryWorker, node, PREFORK } from './programs.js';
import { draining } from './rabbitmq-runs.js';

const spinMessage = (): ReturnType<typeof taskMessage> => taskMessage('bench.spin');

const slotsOf = (pool: string): number => (pool === 'solo' ? 1 : 2);
const shown = (pool: string): string => (pool === 'solo' ? pool : `${pool}, ${slotsOf(pool)} slots`);
const ours =
  (pool: string, work: 'noop' | 'spin' = 'noop') =>
  (url: string) =>
    node('worker-ours', url, slotsOf(pool), '{}', pool, work);

const r = ['rabbitmq'] as const;

/** Each way of running tasks, on tasks that do nothing and on tasks that compute. */
export const poolCases: readonly BenchCase[] = [
  ...['async', 'threads', 'prefork', 'solo'].map((pool) =>
    benchCase(
      `pool/ours-${pool}`,
      `our worker, ${shown(pool)}, results ignored`,
      'ours',
      r,
      draining(10_000, ours(pool)),
    ),
  ),
  benchCase(
    'pool/celery-prefork',
    'Celery worker, prefork -c 2, results ignored',
    'peer',
    ['rabbitmq', 'python'],
    draining(10_000, (url) => celeryWorker(url, PREFORK)),
  ),
  ...['async', 'threads', 'prefork', 'solo'].map((pool) =>
    benchCase(
      `pool/spin-ours-${pool}`,
      `our worker, ${shown(pool)}, 5 ms of computing`,
      'ours',
      r,
      draining(1_000, ours(pool, 'spin'), spinMessage),
    ),
  ),
  benchCase(
    'pool/spin-celery-prefork',
    'Celery worker, prefork -c 2, 5 ms of computing',
    'peer',
    ['rabbitmq', 'python'],
    draining(1_000, (url) => celeryWorker(url, PREFORK), spinMessage),
  ),
];
