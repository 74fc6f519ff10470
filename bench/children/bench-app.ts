import { Celery } from '../../src/index.js';
import { spin } from './spin.js';

/**
 * An app with a task that does nothing, one that computes (so many turns) and one for the end of a chord; `options` are settings
 * as JSON, `more` are those that JSON cannot hold.
 */
export function benchApp(url: string, options: string | undefined, more: object = {}, turns = 0) {
  const app = new Celery('bench');
  app.configFromObject({
    broker_url: url,
    task_default_queue: 'bench',
    task_ignore_result: true,
    ...(JSON.parse(options ?? '{}') as Record<string, unknown>),
    ...more,
  });
  app.task('bench.spin', (_x: number, _y: number) => spin(turns));
  return {
    app,
    noop: app.task('bench.noop', (_x: number, _y: number) => null),
    gather: app.task('bench.gather', (results: null[]) => results.length),
  };
}
