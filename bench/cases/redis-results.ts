import { taskMessage } from '../children/sample-message.js';
import type { BenchCase } from '../harness/bench-case.js';
import { benchCase, measureDrain } from '../harness/measure.js';
import type { ProgramOptions } from '../harness/program.js';
import { CONCURRENCY, celeryWorker, node, PREFORK, QUEUE } from './programs.js';
import { resultSettings } from './result-settings.js';

/** Messages come from a full queue of RabbitMQ; the run ends when every result is a key. */
const storing =
  (
    full: number,
    who: 'ours' | 'celery',
    program: (broker: string, settings: Readonly<Record<string, unknown>>) => ProgramOptions,
  ) =>
  async ({ servers, count }: Parameters<BenchCase['run']>[0]): ReturnType<BenchCase['run']> => {
    const [broker, redis] = [await servers.broker(), await servers.freshRedis()];
    await broker.freshQueue(QUEUE);
    await broker.fill(QUEUE, count(full), () => taskMessage('bench.noop'));
    return measureDrain(program(broker.url, resultSettings(redis.url, who)), {
      broker,
      queue: QUEUE,
      count: count(full),
      finished: async () => (await redis.keys()) >= count(full),
    });
  };

export const redisResultCases: readonly BenchCase[] = [
  benchCase(
    'redis-results/ours',
    'our worker, results in Redis',
    'ours',
    ['rabbitmq', 'redis', 'redis-results'],
    storing(20_000, 'ours', (url, settings) =>
      node('worker-ours', url, CONCURRENCY, JSON.stringify(settings)),
    ),
  ),
  benchCase(
    'redis-results/celery-prefork',
    'Celery worker, prefork -c 2, results in Redis',
    'peer',
    ['rabbitmq', 'redis', 'python'],
    storing(10_000, 'celery', (url, settings) => celeryWorker(url, PREFORK, settings)),
  ),
];
