import { largeMessage, taskMessage } from '../children/sample-message.js';
import type { BenchCase, Figures, RunContext } from '../harness/bench-case.js';
import { benchCase, measureDrain, measureStart, measureWork } from '../harness/measure.js';
import type { ProgramOptions } from '../harness/program.js';
import { celeryProducer, celeryWorker, node, PREFORK, QUEUE, SOLO } from './programs.js';
import { TOPIC } from './topic.js';

const PREFETCH = 64;
/** Four messages for each slot make the prefetch above. */
const CONCURRENCY = PREFETCH / 4;
const FULL = 20_000;

type MakeProgram = (url: string, count: number) => ProgramOptions;

const producing =
  (full: number, program: MakeProgram) =>
  async ({ servers, count }: RunContext): Promise<Figures> => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    return measureWork(program(broker.url, count(full)), count(full));
  };

const draining =
  (full: number, program: MakeProgram, make = () => taskMessage('bench.noop')) =>
  async ({ servers, count }: RunContext): Promise<Figures> => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    await broker.fill(QUEUE, count(full), make);
    return measureDrain(program(broker.url, count(full)), { broker, queue: QUEUE, count: count(full) });
  };

const starting =
  (program: (url: string) => ProgramOptions) =>
  async ({ servers }: RunContext): Promise<Figures> => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    return measureStart(program(broker.url), broker, QUEUE);
  };

const spinMessage = (): ReturnType<typeof taskMessage> => taskMessage('bench.spin');

const CONFIRM = { broker_transport_options: { confirm_publish: true } };

const r = ['rabbitmq'] as const;
const rp = ['rabbitmq', 'python'] as const;

export const rabbitmqCases: readonly BenchCase[] = [
  benchCase(
    'publish/raw',
    'amqplib, confirmed publish, window 500',
    'raw',
    r,
    producing(FULL, (url, n) => node('publish-raw', url, QUEUE, n)),
  ),
  benchCase(
    'publish/ours',
    'our transport, same',
    'ours',
    r,
    producing(FULL, (url, n) => node('publish-ours', url, QUEUE, n)),
  ),
  benchCase(
    'consume/raw',
    `amqplib, consume + ack each, prefetch ${PREFETCH}`,
    'raw',
    r,
    draining(FULL, (url) => node('consume-raw', url, QUEUE, PREFETCH), largeMessage),
  ),
  benchCase(
    'consume/ours',
    'our transport, same',
    'ours',
    r,
    draining(FULL, (url) => node('consume-ours', url, QUEUE, PREFETCH), largeMessage),
  ),
  benchCase(
    'produce/ours',
    'our producer, confirmed, 500 at once',
    'ours',
    r,
    producing(FULL, (url, n) => node('produce-ours', url, n, 500)),
  ),
  benchCase(
    'produce/ours-topic',
    'our producer, topic exchange with two queues',
    'ours',
    r,
    producing(FULL, (url, n) => node('produce-ours', url, n, 500, JSON.stringify(TOPIC))),
  ),
  benchCase(
    'produce/ours-serial',
    'our producer, confirmed, one by one',
    'ours',
    r,
    producing(3_000, (url, n) => node('produce-ours', url, n, 1)),
  ),
  benchCase(
    'produce/celery',
    'Celery producer, no confirms',
    'peer',
    rp,
    producing(10_000, (url, n) => celeryProducer(url, n)),
  ),
  benchCase(
    'produce/celery-confirm',
    'Celery producer, confirm_publish',
    'peer',
    rp,
    producing(3_000, (url, n) => celeryProducer(url, n, CONFIRM)),
  ),
  benchCase(
    'worker/ours',
    `our worker, results ignored, concurrency ${CONCURRENCY}`,
    'ours',
    r,
    draining(FULL, (url) => node('worker-ours', url, CONCURRENCY)),
  ),
  benchCase(
    'worker/celery-prefork',
    'Celery worker, prefork -c 2, results ignored',
    'peer',
    rp,
    draining(10_000, (url) => celeryWorker(url, PREFORK)),
  ),
  benchCase(
    'worker/celery-solo',
    'Celery worker, solo, prefetch 64',
    'peer',
    rp,
    draining(10_000, (url) => celeryWorker(url, SOLO)),
  ),
  ...(['threads', 'prefork'] as const).map((pool) =>
    benchCase(
      `worker/ours-${pool}`,
      `our worker, ${pool}, 2 slots, results ignored`,
      'ours',
      r,
      draining(10_000, (url) => node('worker-ours', url, 2, '{}', pool)),
    ),
  ),
  ...(['async', 'threads', 'prefork'] as const).map((pool) =>
    benchCase(
      `spin/ours-${pool}`,
      `our worker, ${pool}, 2 slots, 5 ms of computing`,
      'ours',
      r,
      draining(1_000, (url) => node('worker-ours', url, 2, '{}', pool), spinMessage),
    ),
  ),
  benchCase(
    'spin/celery-prefork',
    'Celery worker, prefork -c 2, 5 ms of computing',
    'peer',
    rp,
    draining(1_000, (url) => celeryWorker(url, PREFORK), spinMessage),
  ),
  benchCase(
    'start/ours',
    'our worker, start to consuming',
    'ours',
    r,
    starting((url) => node('worker-ours', url, CONCURRENCY)),
  ),
  benchCase(
    'start/celery-prefork',
    'Celery worker, prefork -c 2, start to consuming',
    'peer',
    rp,
    starting((url) => celeryWorker(url, PREFORK)),
  ),
];
