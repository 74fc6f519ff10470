import { Celery } from '../../src/index.js';

/** An app with one task that does nothing; `options` are settings as JSON. */
export function benchApp(url: string, options: string | undefined) {
  const app = new Celery('bench');
  app.configFromObject({
    broker_url: url,
    task_default_queue: 'bench',
    task_ignore_result: true,
    ...(JSON.parse(options ?? '{}') as Record<string, unknown>),
  });
  return { app, noop: app.task('bench.noop', (_x: number, _y: number) => null) };
}
