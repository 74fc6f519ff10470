import { Celery } from '../../src/index.js';

/** An app with one task that does nothing; `options` are settings as JSON, `more` are those that JSON cannot hold. */
export function benchApp(url: string, options: string | undefined, more: object = {}) {
  const app = new Celery('bench');
  app.configFromObject({
    broker_url: url,
    task_default_queue: 'bench',
    task_ignore_result: true,
    ...(JSON.parse(options ?? '{}') as Record<string, unknown>),
    ...more,
  });
  return { app, noop: app.task('bench.noop', (_x: number, _y: number) => null) };
}
