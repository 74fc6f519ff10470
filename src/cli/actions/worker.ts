import { type Celery, redirectConsole, setupSentry, workerMonitoring } from '../../toolbox/index.js';
import { type AutoscaleRange, createWorker, type PoolName, type WorkerOptions } from '../../worker/index.js';
import { appFrom, startAppLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import { type EmbeddedBeatFlags, embeddedBeat } from '../embedded-beat.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { runService } from '../run-service.js';
import { StrayErrors } from '../stray-errors.js';
import { workerPlatform } from '../worker-platform.js';

export interface WorkerFlags extends GlobalOptions, LogOptions, EmbeddedBeatFlags {
  readonly queues?: readonly string[];
  readonly concurrency?: number;
  readonly prefetchMultiplier?: number;
  readonly hostname?: string;
  readonly pool?: PoolName;
  readonly autoscale?: AutoscaleRange;
  readonly maxTasksPerChild?: number;
  readonly maxMemoryPerChild?: number;
  readonly timeLimit?: number;
  readonly softTimeLimit?: number;
  readonly shutdownTimeout: number;
  readonly taskEvents?: boolean;
  readonly heartbeatInterval?: number;
  readonly withoutHeartbeat?: boolean;
  readonly withoutGossip?: boolean;
  readonly withoutMingle?: boolean;
  readonly quarantine?: string | true;
  readonly statedb?: string;
  readonly healthPort?: number;
  readonly healthHost?: string;
}

export async function runWorker(flags: WorkerFlags, context: CliContext): Promise<void> {
  const { timeLimit, softTimeLimit } = flags;
  const app = await appFrom(flags, {
    ...(timeLimit !== undefined && { task_time_limit: timeLimit }),
    ...(softTimeLimit !== undefined && { task_soft_time_limit: softTimeLimit }),
  });
  const { logger, close } = await startAppLogging(app, flags, context);
  const platform = await workerPlatform(app, flags.quarantine);
  const sentry = await setupSentry(app, context.env);
  const restoreConsole = redirectConsole(app);
  try {
    const own = workerOptions(app, flags);
    const worker = createWorker(app, {
      ...own,
      ...platform?.options,
      extensions: [...(own.extensions ?? []), ...(platform?.options.extensions ?? [])],
    });
    app.signals.on('worker_ready', ({ hostname }) => {
      const { queues } = worker.info();
      logger.info(
        { worker: hostname, concurrency: worker.concurrency, queues, tasks: ownTasks(app) },
        'ready',
      );
    });
    const soft = app.conf.worker_soft_shutdown_timeout;
    const deadlineMs = flags.shutdownTimeout * 1000;
    const strays = new StrayErrors(worker, logger, deadlineMs);
    try {
      await runService(worker, logger, {
        deadlineMs,
        ...(soft > 0 && { softDeadlineMs: soft * 1000 }),
        termIsQuit: context.env.REMAP_SIGTERM === 'SIGQUIT',
      });
    } finally {
      strays.release();
    }
    strays.check();
  } finally {
    restoreConsole();
    await Promise.allSettled([app.close(), sentry?.close(), platform?.close()]);
    await close();
  }
}

const ownTasks = (app: Celery): readonly string[] =>
  app.tasks.names().filter((name) => !name.startsWith('celery.'));

function workerOptions(app: Celery, flags: WorkerFlags): WorkerOptions {
  const { autoscale, maxTasksPerChild, maxMemoryPerChild } = flags;
  const { queues, concurrency, prefetchMultiplier, hostname, pool, statedb, healthPort, healthHost } = flags;
  return {
    ...(queues && { queues }),
    ...(concurrency !== undefined && { concurrency }),
    ...(prefetchMultiplier !== undefined && { prefetchMultiplier }),
    ...(hostname && { hostname }),
    ...(pool && { pool }),
    appModule: {
      module: new URL('../pool-child.js', import.meta.url),
      data: { app: flags.app, broker: flags.broker, resultBackend: flags.resultBackend },
    },
    ...(autoscale && { autoscale }),
    ...(maxTasksPerChild && { maxTasksPerChild }),
    ...(maxMemoryPerChild && { maxMemoryPerChild }),
    ...(statedb && { stateFile: statedb }),
    extensions: [
      ...(healthPort === undefined
        ? []
        : [workerMonitoring({ port: healthPort, ...(healthHost && { host: healthHost }) })]),
      ...(flags.beat ? [embeddedBeat(app, flags)] : []),
    ],
    ...remoteOptions(flags),
  };
}

function remoteOptions(flags: WorkerFlags): WorkerOptions {
  const { taskEvents, heartbeatInterval, withoutHeartbeat, withoutGossip, withoutMingle } = flags;
  return {
    ...(taskEvents !== undefined && { taskEvents }),
    ...(heartbeatInterval !== undefined && { heartbeat: heartbeatInterval }),
    ...(withoutHeartbeat && { heartbeat: false as const }),
    ...(withoutGossip && { gossip: false }),
    ...(withoutMingle && { mingle: false }),
  };
}
