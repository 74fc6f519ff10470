import { migrationsSql } from '../../src/platform/index.js';
import { resultSchemaSql } from '../../src/results/postgres/index.js';
import type { BenchCase } from '../harness/bench-case.js';
import { benchCase } from '../harness/measure.js';
import { measureChord, measureLatency, type Pair } from '../harness/with-client.js';
import { CONCURRENCY, celeryClient, celeryWorker, node, PREFORK, QUEUE } from './programs.js';
import { resultSettings } from './result-settings.js';

const CHORD_SIZE = 1_000;
/** Seconds: Celery's default, and what hurts no more than it must. */
const [DEFAULT_POLL, QUICK_POLL] = [0.5, 0.002];

type Run = BenchCase['run'];
type Who = 'ours' | 'celery';
type MakePair = (broker: string, settings: Readonly<Record<string, unknown>>, count: number) => Pair;

const ourPair: MakePair = (broker, settings, count) => ({
  worker: node('worker-ours', broker, CONCURRENCY, JSON.stringify(settings)),
  client: node('latency-ours', broker, count, JSON.stringify(settings)),
});

const celeryPair =
  (poll: number): MakePair =>
  (broker, settings, count) => ({
    worker: celeryWorker(broker, PREFORK, settings),
    client: celeryClient('latency.py', broker, settings, count, poll),
  });

const ourChord: MakePair = (broker, settings, count) => ({
  worker: node('chord-ours', 'worker', broker, JSON.stringify(settings)),
  client: node('chord-ours', 'client', broker, JSON.stringify(settings), count),
});

const celeryChord: MakePair = (broker, settings, count) => ({
  worker: celeryWorker(broker, PREFORK, settings, 'chord_app'),
  client: celeryClient('chord.py', broker, settings, count),
});

const latencyInPostgres =
  (full: number, who: Who, pair: MakePair): Run =>
  async ({ servers, count }) => {
    const [broker, database] = [await servers.broker(), await servers.freshDatabase(resultSchemaSql())];
    await broker.freshQueue(QUEUE);
    return measureLatency(pair(broker.url, resultSettings(database.url, who), count(full)));
  };

const latencyInRedis =
  (full: number, who: Who, pair: MakePair): Run =>
  async ({ servers, count }) => {
    const [broker, redis] = [await servers.broker(), await servers.freshRedis()];
    await broker.freshQueue(QUEUE);
    return measureLatency(pair(broker.url, resultSettings(redis.url, who), count(full)));
  };

const chordInPostgres =
  (who: Who, pair: MakePair): Run =>
  async ({ servers, count }) => {
    const tables = [resultSchemaSql(), ...(who === 'ours' ? [migrationsSql()] : [])].join('\n');
    const [broker, database] = [await servers.broker(), await servers.freshDatabase(tables)];
    await broker.freshQueue(QUEUE);
    const size = count(CHORD_SIZE);
    return measureChord(pair(broker.url, resultSettings(database.url, who), size), size, database);
  };

const chordInRedis =
  (who: Who, pair: MakePair): Run =>
  async ({ servers, count }) => {
    const [broker, redis] = [await servers.broker(), await servers.freshRedis()];
    await broker.freshQueue(QUEUE);
    const size = count(CHORD_SIZE);
    return measureChord(pair(broker.url, resultSettings(redis.url, who), size), size);
  };

const ours = ['rabbitmq', 'postgres'] as const;
const celery = ['rabbitmq', 'postgres', 'python'] as const;
const oursRedis = ['rabbitmq', 'redis', 'redis-results'] as const;
const celeryRedis = ['rabbitmq', 'redis', 'python'] as const;

/** A client that waits: for one result again and again, or for the end of a chord. */
export const waitingCases: readonly BenchCase[] = [
  benchCase(
    'latency/ours',
    'one call and its result, ours, PostgreSQL',
    'ours',
    ours,
    latencyInPostgres(200, 'ours', ourPair),
  ),
  benchCase(
    'latency/celery-2ms',
    'same, Celery polling every 2 ms',
    'peer',
    celery,
    latencyInPostgres(100, 'celery', celeryPair(QUICK_POLL)),
  ),
  benchCase(
    'latency/celery',
    'same, Celery at its default',
    'peer',
    celery,
    latencyInPostgres(30, 'celery', celeryPair(DEFAULT_POLL)),
  ),
  benchCase(
    'latency-redis/ours',
    'one call and its result, ours, Redis',
    'ours',
    oursRedis,
    latencyInRedis(200, 'ours', ourPair),
  ),
  benchCase(
    'latency-redis/celery',
    'same, Celery',
    'peer',
    celeryRedis,
    latencyInRedis(200, 'celery', celeryPair(DEFAULT_POLL)),
  ),
  benchCase(
    'chord/ours',
    `our chord of ${CHORD_SIZE}, PostgreSQL`,
    'ours',
    ours,
    chordInPostgres('ours', ourChord),
  ),
  benchCase('chord/celery', 'same, Celery', 'peer', celery, chordInPostgres('celery', celeryChord)),
  benchCase(
    'chord-redis/ours',
    `our chord of ${CHORD_SIZE}, Redis`,
    'ours',
    oursRedis,
    chordInRedis('ours', ourChord),
  ),
  benchCase(
    'chord-redis/celery',
    `Celery's chord of ${CHORD_SIZE}, Redis`,
    'peer',
    celeryRedis,
    chordInRedis('celery', celeryChord),
  ),
];
