import type { App } from '../app/index.js';
import { ToolboxError } from '../base/index.js';

/** One demand of the architecture on an app. */
export interface Check {
  /** What must be true, as a sentence. */
  readonly name: string;
  /** @throws CHECK_FAILED saying what was found and what to change. */
  readonly run: (app: App) => void;
}

const failed = (found: string, remedy: string): ToolboxError =>
  new ToolboxError('CHECK_FAILED', `${found}. ${remedy}`);
const DEFAULT_REMEDY = 'Configure the app with a Config and leave this setting out';

/**
 * What every app of the system must satisfy, so that its tasks reach their workers and the platform: the checks of the
 * seed's `build_functional_tests`. They read the app's settings; no server is asked.
 */
export const CHECKS: readonly Check[] = [
  {
    name: 'the default queue is named celery',
    run: ({ conf }) => expectSetting('task_default_queue', conf.task_default_queue, 'celery'),
  },
  {
    name: 'the platform queue is named platform.fifo',
    run: ({ conf }) => expectSetting('PLATFORM_QUEUE_NAME', conf.PLATFORM_QUEUE_NAME, 'platform.fifo'),
  },
  {
    name: 'the default exchange is a topic exchange',
    run: (app) => {
      const name = app.conf.task_default_exchange;
      const found = app.queues.find(({ exchange }) => exchange.name === name)?.exchange.type;
      if (found === 'topic') return;
      throw failed(
        `task_default_exchange ${JSON.stringify(name)} is ${found === undefined ? 'bound to no queue' : `a ${found} exchange`}, expected a topic exchange`,
        DEFAULT_REMEDY,
      );
    },
  },
  {
    name: 'tasks of each service reach its queue and the platform queue',
    run: (app) => {
      const queues = app.conf.QUEUES;
      if (!Array.isArray(queues))
        throw failed(`QUEUES is ${JSON.stringify(queues)}, expected a list of queue names`, DEFAULT_REMEDY);
      for (const queue of queues) expectTakers(app, `${String(queue)}.anything`, String(queue));
    },
  },
  {
    name: 'tasks named celery.* reach queue celery and the platform queue',
    run: (app) => expectTakers(app, 'celery.anything', 'celery'),
  },
  {
    name: 'celery.chord_unlock is routed by exchange and reaches queue celery and the platform queue',
    run: (app) => {
      const { destination } = app.routeOf('celery.chord_unlock');
      if (destination.exchange === '') {
        throw failed(
          `celery.chord_unlock is routed straight to queue ${destination.routingKey}, so the platform gets no copy`,
          'Remove it from task_routes, or route it by exchange and routing_key without queue',
        );
      }
      expectTakers(app, 'celery.chord_unlock', 'celery');
    },
  },
  {
    name: 'every registered task reaches a queue and the platform queue',
    run: (app) => {
      for (const task of app.tasks.names()) expectTakers(app, task);
    },
  },
  {
    name: 'the retries of celery.chord_unlock have an end',
    run: (app) => {
      const cap =
        app.tasks.get('celery.chord_unlock')?.options.maxRetries ?? app.conf.CHORD_UNLOCK_MAX_RETRIES;
      if (typeof cap === 'number' && Number.isInteger(cap)) return;
      throw failed(
        `CHORD_UNLOCK_MAX_RETRIES is ${JSON.stringify(cap)}, expected a whole number`,
        'Set it, or configure the app with a Config',
      );
    },
  },
];

function expectSetting(key: string, found: unknown, expected: string): void {
  if (found === expected) return;
  throw failed(`${key} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`, DEFAULT_REMEDY);
}

/** Exactly two queues: the one the name asks for (any, when none is given) and the platform queue. */
function expectTakers(app: App, task: string, queue?: string): void {
  const platform = app.conf.PLATFORM_QUEUE_NAME;
  const names = app.routeOf(task).takers.map(({ name }) => name);
  const work = names.filter((name) => name !== platform);
  if (names.includes(String(platform)) && work.length === 1 && (queue === undefined || work[0] === queue))
    return;
  const found = names.length === 0 ? 'no queue' : `queues ${names.join(', ')}`;
  const [prefix] = task.split('.', 1);
  throw failed(
    `task ${task} would reach ${found}, expected ${queue ?? 'one work queue'} and ${String(platform)}`,
    `Name ${JSON.stringify(prefix)} in QUEUES, and leave task_queues, task_routes and task_default_exchange to the Config`,
  );
}
