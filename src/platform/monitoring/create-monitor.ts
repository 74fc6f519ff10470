import type { App } from '../../app/index.js';
import type { Database } from '../store/database.js';
import { onlyOneIn } from '../store/only-one.js';
import { HeardAttempts } from './heard-attempts.js';
import { Monitor } from './monitor.js';
import { QueueSampler } from './queue-sampler.js';
import { forgetOld } from './retention.js';
import { countEnded, LONG_STEP, SHORT_STEP } from './task-rates.js';
import { WorkerRegistry } from './worker-registry.js';

export interface CreateMonitorOptions {
  readonly database: Database;
  /** URL of the same database: the connection on which those who run agree on one that acts. */
  readonly url: string;
}

const SAMPLE_SECONDS = 10;
/** Results may be stored late: so many periods are counted anew each time. */
const AGAIN = 3;
const HOUR = 3600;

/**
 * The service that fills the page's tables: workers every second, queues and ends of tasks every ten, what workers say of
 * themselves as often.
 */
export function createMonitor(app: App, { database, url }: CreateMonitorOptions): Monitor {
  const logger = app.logger.child({ service: 'monitor' });
  const one = onlyOneIn(url, logger, 'monitor');
  const attempts = new HeardAttempts(database);
  const workers = new WorkerRegistry(app, database, attempts);
  const queues = new QueueSampler(app, database);
  const count = (step: number): Promise<void> => {
    const to = app.clock.now() / 1000;
    return countEnded(database, { from: to - AGAIN * step, to: to + step, step });
  };
  return new Monitor({
    chores: [
      { name: 'the workers', every: 1, run: () => workers.write() },
      { name: 'runs', every: 1, run: () => attempts.write() },
      { name: 'what workers do', every: SAMPLE_SECONDS, run: () => workers.ask() },
      { name: 'the queues', every: SAMPLE_SECONDS, run: () => queues.sample() },
      { name: 'ends of tasks', every: SHORT_STEP, run: () => count(SHORT_STEP) },
      { name: 'ends of tasks by five minutes', every: LONG_STEP / 5, run: () => count(LONG_STEP) },
      { name: 'what is old', every: HOUR, run: () => forgetOld(database) },
    ],
    isTheOne: () => one.ask(),
    close: async () => {
      await Promise.allSettled([workers.close(), one.close()]);
    },
    clock: app.clock,
    logger,
  });
}
