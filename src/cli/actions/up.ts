import type { Settings } from '../../app/index.js';
import type { Logger } from '../../base/index.js';
import { appFrom, startLogging } from '../app-from.js';
import { type CliContext, coloursFor } from '../context.js';
import { type EmbeddedSystem, startEmbeddedSystem } from '../embedded/embedded-system.js';
import { writeEnvironmentFile } from '../embedded/environment-file.js';
import { programEnvironment, shellExports } from '../embedded/program-environment.js';
import { Programs } from '../embedded/programs.js';
import { Interrupted } from '../failure.js';
import type { LogOptions } from '../options/log-options.js';
import { aborted, stopSignal } from '../stop-signal.js';
import { ADDRESS } from './dashboard.js';

export interface UpFlags extends LogOptions {
  readonly app?: string;
  readonly data?: string;
  readonly worker: boolean;
  readonly dashboard: boolean;
  readonly dashboardPort: number;
}

export async function runUp(flags: UpFlags, context: CliContext): Promise<void> {
  const { name, conf } = await appFrom(flags);
  const stop = stopSignal();
  const { logger, close } = startLogging('up', flags, context);
  const { data } = flags;
  try {
    const system = await startEmbeddedSystem({ logger, ...(data !== undefined && { dataDir: data }) });
    const environment = await writeEnvironmentFile(data, shellExports(system));
    const programs = startPrograms(flags, scheduled(conf), system, context, logger);
    const end = AbortSignal.any([stop.signal, programs.failed]);
    try {
      await Promise.race([programs.ready, aborted(end)]);
      context.out.write(
        `${name} is up. Other programs on this machine find it with:\n\n  . '${environment.path}'\n\nStop with Ctrl+C.\n`,
      );
      await aborted(end);
    } finally {
      await programs.stop();
      await Promise.allSettled([environment.remove(), system.stop()]);
    }
  } catch (error) {
    // Being told to stop is how this command ends.
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    stop.release();
    await close();
  }
}

/** The programs an app needs beside sync-tasks and worker: beat, when it has a schedule. */
const scheduled = ({ beat_schedule: schedule }: Settings): readonly string[] =>
  Object.keys(schedule).length > 0 ? ['beat'] : [];

function startPrograms(
  flags: UpFlags,
  more: readonly string[],
  system: EmbeddedSystem,
  context: CliContext,
  logger: Logger,
): Programs {
  const colours = coloursFor(context.err, context.env);
  const json = flags.json ? ['--json'] : [];
  return new Programs({
    names: [
      'sync-tasks',
      ...(flags.worker ? ['worker'] : []),
      ...more,
      ...(flags.dashboard ? ['dashboard'] : []),
    ],
    args: (program) => [
      ...['-A', flags.app ?? '', program, '-l', flags.loglevel, ...json],
      ...(program === 'beat' || program === 'dashboard' ? ['--store', 'postgres'] : []),
      ...(program === 'dashboard' ? ['--port', String(flags.dashboardPort), '--any-port'] : []),
    ],
    env: programEnvironment(context.env, system),
    onLine: (program, line) => {
      if (program === 'dashboard' && line.startsWith(ADDRESS)) return void context.out.write(`${line}\n`);
      context.err.write(flags.json ? `${line}\n` : `${colours.cyan(program.padEnd(10))} ${line}\n`);
    },
    onEvent: (program, event) => {
      const level = event.kind === 'ended' || event.kind === 'given up' ? 'warn' : 'info';
      const details = 'pid' in event ? { process: event.pid } : 'how' in event ? { how: event.how } : {};
      logger[level]({ program, ...details }, `${program} ${event.kind}`);
    },
  });
}
