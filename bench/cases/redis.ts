import { Queue } from 'bullmq';
import { redisEnvelope, taskMessage } from '../children/sample-message.js';
import type { BenchCase, RunContext } from '../harness/bench-case.js';
import { benchCase, measureDrain, measureIdle, measureWork } from '../harness/measure.js';
import type { ProgramOptions } from '../harness/program.js';
import type { RedisServer } from '../harness/redis.js';
import { CONCURRENCY, celeryProducer, celeryWorker, IDLE_SECONDS, node, PREFORK, QUEUE } from './programs.js';

const FULL = 20_000;
const BULK = 500;

type MakeProgram = (url: string, count: number) => ProgramOptions;
type Run = BenchCase['run'];

const producing =
  (full: number, program: MakeProgram): Run =>
  async ({ servers, count }) => {
    const redis = await servers.freshRedis();
    return measureWork(program(redis.url, count(full)), count(full));
  };

const draining =
  (full: number, program: MakeProgram): Run =>
  async ({ servers, count }) => {
    const broker = await servers.freshRedis();
    await broker.fill(QUEUE, count(full), () => redisEnvelope(taskMessage('bench.noop'), QUEUE));
    return measureDrain(program(broker.url, count(full)), { broker, queue: QUEUE, count: count(full) });
  };

const drainingBullmq =
  (full: number): Run =>
  async ({ servers, count }) => {
    const broker = await servers.freshRedis();
    await fillBullmq(broker, count(full));
    const program = node('bullmq-worker', broker.url, QUEUE, CONCURRENCY);
    return measureDrain(program, { broker, queue: `bull:${QUEUE}:wait`, count: count(full) });
  };

async function fillBullmq({ url }: RedisServer, count: number): Promise<void> {
  const queue = new Queue(QUEUE, { connection: { url } });
  for (let left = count; left > 0; left -= 1_000) {
    const jobs = Array.from({ length: Math.min(left, 1_000) }, () => ({ name: 'bench.noop', data: [1, 2] }));
    await queue.addBulk(jobs);
  }
  await queue.close();
}

async function idling({ servers, count }: RunContext): ReturnType<Run> {
  const redis = await servers.freshRedis();
  const program = node('worker-ours', redis.url, CONCURRENCY);
  return measureIdle(program, count(IDLE_SECONDS), async () => (await redis.waiting()) > 0);
}

const r = ['redis'] as const;
const rp = ['redis', 'python'] as const;

export const redisCases: readonly BenchCase[] = [
  benchCase(
    'redis-produce/raw',
    'ioredis, LPUSH of a message, 500 at once',
    'raw',
    r,
    producing(FULL, (url, n) => node('lpush-raw', url, QUEUE, n, 500)),
  ),
  benchCase(
    'redis-produce/ours',
    'our producer on Redis, 500 at once',
    'ours',
    r,
    producing(FULL, (url, n) => node('produce-ours', url, n, 500)),
  ),
  benchCase(
    'redis-produce/bullmq',
    'BullMQ add, 500 at once',
    'peer',
    r,
    producing(FULL, (url, n) => node('bullmq-produce', url, QUEUE, n, 500)),
  ),
  benchCase(
    'redis-produce/bullmq-bulk',
    `BullMQ addBulk of ${BULK}, one after the other`,
    'peer',
    r,
    producing(FULL, (url, n) => node('bullmq-produce', url, QUEUE, n, 1, BULK)),
  ),
  benchCase(
    'redis-produce/celery',
    'Celery producer on Redis',
    'peer',
    rp,
    producing(10_000, (url, n) => celeryProducer(url, n)),
  ),
  benchCase(
    'redis-worker/ours',
    `our worker on Redis, results ignored, concurrency ${CONCURRENCY}`,
    'ours',
    r,
    draining(FULL, (url) => node('worker-ours', url, CONCURRENCY)),
  ),
  benchCase(
    'redis-worker/bullmq',
    `BullMQ worker, jobs removed when done, concurrency ${CONCURRENCY}`,
    'peer',
    r,
    drainingBullmq(FULL),
  ),
  benchCase(
    'redis-worker/celery-prefork',
    'Celery worker on Redis, prefork -c 2, results ignored',
    'peer',
    rp,
    draining(10_000, (url) => celeryWorker(url, PREFORK)),
  ),
  benchCase('idle/ours-redis', 'our worker on Redis, idle', 'ours', r, idling),
];
