import { Celery } from '../../../src/toolbox/setup/index.js';
import { createWorker } from '../../../src/worker/index.js';
import type { OwnRabbitmq } from '../own-rabbitmq.js';

/** Short for a test: the broker closes the channel of a message not settled in time, and looks every second. */
export const CONSUMER_TIMEOUT = (milliseconds: number): string =>
  `[{rabbit, [{consumer_timeout, ${milliseconds}}, {channel_tick_interval, 1000}]}].`;

/** F38: tasks that run longer than the broker waits for their acknowledgement. */
export async function consumerTimeout(
  node: OwnRabbitmq,
  { tasks, runMs }: { readonly tasks: number; readonly runMs: number },
): Promise<{
  readonly runs: number;
  readonly mostAtOnce: number;
  readonly interruptions: number;
  readonly left: number;
  readonly state: string;
}> {
  let interruptions = 0;
  const logger = {
    debug: () => {},
    info: () => {},
    warn: (_fields: object, text: string) => {
      if (text === 'consuming interrupted') interruptions += 1;
    },
    error: () => {},
    fatal: () => {},
    child: () => logger,
  };
  const app = new Celery('timeout', {
    logger,
    settings: { broker_url: node.url, result_backend: 'cache+memory://', task_default_queue: 'long' },
  });
  const running = new Map<string, number>();
  let runs = 0;
  let mostAtOnce = 0;
  const long = app.task('timeout.long', { bind: true }, async (task) => {
    const { id } = task.request;
    runs += 1;
    running.set(id, (running.get(id) ?? 0) + 1);
    mostAtOnce = Math.max(mostAtOnce, running.get(id) ?? 0);
    await new Promise((resolve) => setTimeout(resolve, runMs));
    running.set(id, (running.get(id) ?? 0) - 1);
    return 'done';
  });
  const worker = createWorker(app, { concurrency: tasks });
  await worker.start();
  try {
    const results = await Promise.all(Array.from({ length: tasks }, () => long.delay()));
    await Promise.all(results.map((result) => result.get({ timeout: 60 })));
    const { state } = worker;
    await worker.stop();
    const left = await (await app.broker()).size('long');
    return { runs, mostAtOnce, interruptions, left, state };
  } finally {
    await worker.stop({ deadlineMs: 0 });
    await app.close();
  }
}
