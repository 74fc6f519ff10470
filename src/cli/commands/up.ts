import { once } from 'node:events';
import type { Command } from 'commander';
import { type CliContext, coloursFor } from '../context.js';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { programEnvironment } from '../embedded/program-environment.js';
import { ProgramProcess } from '../embedded/program-process.js';
import {
  addLogOptions,
  appFrom,
  type GlobalOptions,
  type LogOptions,
  startLogging,
} from '../global-options.js';

interface UpFlags extends GlobalOptions, LogOptions {
  readonly data?: string;
  readonly worker: boolean;
}

export function upCommand(program: Command, context: CliContext): void {
  addLogOptions(program.command('up'))
    .description('run everything an app needs on this machine: broker, database, sync-tasks and a worker')
    .option('--data <folder>', 'keep queues and tables in this folder between starts')
    .option('--no-worker', 'start no worker')
    .addHelpText('after', '\nFor development: broker and database listen on this machine only.')
    .action(async (_flags: UpFlags, command: Command) => runUp(command.optsWithGlobals(), context));
}

async function runUp(flags: UpFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { logger, close } = startLogging('up', flags, context);
  const told = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)));
  const system = await startEmbeddedSystem({
    logger,
    ...(flags.data !== undefined && { dataDir: flags.data }),
  });
  const env = programEnvironment(context.env, system);
  const colours = coloursFor(context);
  const start = (name: string): ProgramProcess =>
    new ProgramProcess({
      name,
      args: ['-A', flags.app ?? '', name, '-l', flags.loglevel],
      env,
      onLine: (line) => void context.err.write(`${colours.cyan(name.padEnd(10))} ${line}\n`),
      onEvent: (event) => logger.info({ program: name, ...event }, `${name} ${event.kind}`),
    });
  const programs = ['sync-tasks', ...(flags.worker ? ['worker'] : [])].map(start);
  try {
    context.out.write(`${app.name} is up. For other programs on this machine:\n\n`);
    context.out.write(
      `  export CELERY_BROKER_URL='${system.broker}'\n  export CELERY_RESULT_BACKEND='${system.resultBackend}'\n\n`,
    );
    context.out.write('Stop with Ctrl+C.\n');
    await told;
  } finally {
    await Promise.allSettled(programs.map((one) => one.stop()));
    await system.stop();
    await close();
  }
}
