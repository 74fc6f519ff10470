import { onTestFinished } from 'vitest';
import { Celery } from '../../../src/toolbox/index.js';
import { createWorker, type Worker, type WorkerOptions } from '../../../src/worker/index.js';
import { Gate } from '../celery/support/gate.js';
import type { Meeting } from './python.js';

/** Our side: an app with tasks that wait where a test wants them to. */
export interface Ours {
  readonly app: Celery;
  readonly worker: Worker;
  /** What `ours.wait` waits at. */
  readonly gate: Gate;
  close(): Promise<void>;
}

export const ourApp = ({ url, prefix }: Meeting, settings: Record<string, unknown> = {}): Celery => {
  const app = new Celery('ours', {
    settings: {
      broker_url: url,
      broker_transport_options: prefix === undefined ? {} : { global_keyprefix: prefix },
      result_backend: 'cache+memory://',
      task_default_queue: 'our-tasks',
      ...settings,
    },
  });
  return settings.task_serializer === 'auth' ? app.setupSecurity() : app;
};

export async function startOurs(
  meeting: Meeting,
  options: WorkerOptions = {},
  settings: Record<string, unknown> = {},
): Promise<Ours> {
  const app = ourApp(meeting, settings);
  if (options.logger !== undefined) app.logger = options.logger;
  const gate = new Gate();
  app.task('ours.add', (x: number, y: number) => x + y);
  app.task('ours.limited', { rateLimit: '10/m' }, () => null);
  app.task('ours.fail', (text: string) => {
    throw new RangeError(text);
  });
  app.task('ours.wait', { argNames: ['password'] }, (_password: string) => gate.pass());
  const worker = createWorker(app, { hostname: 'ts@here', concurrency: 2, ...options });
  await worker.start();
  return {
    app,
    worker,
    gate,
    close: async () => {
      gate.open();
      await worker.stop({ deadlineMs: 0 });
      await app.close();
    },
  };
}

/** As `startOurs`, for one test: a worker that stays would take the tasks of the next. */
export async function startOursHere(...given: Parameters<typeof startOurs>): Promise<Ours> {
  const ours = await startOurs(...given);
  onTestFinished(() => ours.close());
  return ours;
}
