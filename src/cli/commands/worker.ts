import { type Command, InvalidArgumentError } from 'commander';
import { postgresQuarantine } from '../../platform/index.js';
import { setupSentry } from '../../toolbox/index.js';
import { createWorker, type WorkerOptions } from '../../worker/index.js';
import type { CliContext } from '../context.js';
import {
  addLogOptions,
  appFrom,
  type GlobalOptions,
  type LogOptions,
  startLogging,
} from '../global-options.js';
import { platformDatabase } from '../platform-access.js';
import { runService } from '../run-service.js';

interface WorkerFlags extends GlobalOptions, LogOptions {
  readonly queues?: readonly string[];
  readonly concurrency?: number;
  readonly prefetchMultiplier?: number;
  readonly hostname?: string;
  readonly pool?: 'async' | 'solo';
  readonly shutdownTimeout?: number;
  readonly quarantine?: string | true;
}

export const count = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number.');
};
export const seconds = (text: string): number => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number of seconds.');
};

export function workerCommand(program: Command, context: CliContext): void {
  addLogOptions(program.command('worker'))
    .description('run tasks')
    .option(
      '-Q, --queues <names>',
      'queues to consume from, separated by commas (default: all of the app)',
      (text) => text.split(','),
    )
    .option('-c, --concurrency <n>', 'tasks run at a time', count)
    .option('--prefetch-multiplier <n>', 'messages taken ahead for each of them', count)
    .option('-n, --hostname <name>', 'node name; %h is the host, %n its name, %d its domain')
    .option('-P, --pool <pool>', 'how tasks are run: async (event loop) or solo (one at a time)')
    .option('--shutdown-timeout <seconds>', 'how long running tasks may take when the worker stops', seconds)
    .option(
      '--quarantine [database-url]',
      'keep messages nobody can process in workertoolbox.quarantine (default: in the log)',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ workertoolbox -A app.ts worker -Q export,celery -c 8 -l info -n export@%h',
    )
    .action(async (_flags: WorkerFlags, command: Command) => runWorker(command.optsWithGlobals(), context));
}

async function runWorker(flags: WorkerFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { logger, close } = startLogging(app.name, flags, context);
  app.logger = logger;
  const sentry = await setupSentry(app, context.env);
  const kept = flags.quarantine;
  const database = kept === undefined ? undefined : platformDatabase(app, kept === true ? undefined : kept);
  try {
    const worker = createWorker(app, {
      ...workerOptions(flags),
      ...(database !== undefined && { quarantine: postgresQuarantine(database) }),
    });
    app.signals.on('worker_ready', ({ hostname }) => {
      logger.info(
        { hostname, concurrency: worker.concurrency, queues: worker.info().queues, tasks: ownTasks(app) },
        'ready',
      );
    });
    await runService(worker, logger, (flags.shutdownTimeout ?? 25) * 1000);
  } finally {
    await Promise.allSettled([app.close(), sentry?.close(), database?.close()]);
    await close();
  }
}

const ownTasks = (app: { tasks: { names(): readonly string[] } }): readonly string[] =>
  app.tasks.names().filter((name) => !name.startsWith('celery.'));

function workerOptions(flags: WorkerFlags): WorkerOptions {
  const { queues, concurrency, prefetchMultiplier, hostname, pool } = flags;
  return {
    ...(queues && { queues }),
    ...(concurrency !== undefined && { concurrency }),
    ...(prefetchMultiplier !== undefined && { prefetchMultiplier }),
    ...(hostname && { hostname }),
    ...(pool && { pool }),
  };
}
