import { Celery } from '../../src/index.js';

/** What the processor is kept busy for by the task that computes. */
const SPIN_MS = 5;

/** An app with a task that does nothing, one that computes and one for the end of a chord; `options` are settings as JSON, `more` are those that JSON cannot hold. */
export function benchApp(url: string, options: string | undefined, more: object = {}) {
  const app = new Celery('bench');
  app.configFromObject({
    broker_url: url,
    task_default_queue: 'bench',
    task_ignore_result: true,
    ...(JSON.parse(options ?? '{}') as Record<string, unknown>),
    ...more,
  });
  app.task('bench.spin', (_x: number, _y: number) => {
    // By the clock: each of the slots has a processor to itself.
    const end = performance.now() + SPIN_MS;
    while (performance.now() < end);
    return null;
  });
  return {
    app,
    noop: app.task('bench.noop', (_x: number, _y: number) => null),
    gather: app.task('bench.gather', (results: null[]) => results.length),
  };
}
