import { largeMessage } from '../children/sample-message.js';
import type { BenchCase } from '../harness/bench-case.js';
import { benchCase } from '../harness/measure.js';
import {
  CONCURRENCY,
  celeryProducer,
  celeryWorker,
  node,
  PREFETCH,
  PREFORK,
  QUEUE,
  SOLO,
} from './programs.js';
import { draining, idling, producing, starting } from './rabbitmq-runs.js';
import { TOPIC } from './topic.js';

const FULL = 20_000;

const CONFIRM = { broker_transport_options: { confirm_publish: true } };

const EVENTS = JSON.stringify({ worker_send_task_events: true });

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
    'worker/ours-events',
    'our worker, same, with task events (-E)',
    'ours',
    r,
    draining(FULL, (url) => node('worker-ours', url, CONCURRENCY, EVENTS)),
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
  benchCase(
    'idle/ours',
    'our worker on RabbitMQ, idle',
    'ours',
    r,
    idling((url) => node('worker-ours', url, CONCURRENCY)),
  ),
  benchCase(
    'idle/celery-prefork',
    'Celery worker, prefork -c 2, idle',
    'peer',
    rp,
    idling((url) => celeryWorker(url, PREFORK)),
  ),
];
