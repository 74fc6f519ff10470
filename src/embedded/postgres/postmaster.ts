import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Logger, ToolboxError } from '../../base/index.js';
import type { PostgresBinaries } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import type { RunAs } from './run-as.js';

/**
 * Runs the server given as second and further arguments and ends it (SIGINT: a fast shutdown) as soon as standard input
 * closes, which happens also when our process is killed without a chance to clean up. The folder that is the first
 * argument, unless empty, is removed then; not when the server ended by itself, as it does when it cannot start.
 */
const WATCHDOG = [
  'remove=$1; shift; exec 3<&0',
  '"$@" </dev/null 3<&- & pid=$!',
  '(read _ <&3; kill -INT $pid) & watcher=$!',
  // Standard error may have no reader any more: what is written there would end the shell too early.
  'wait $pid; code=$?; exec 2>/dev/null',
  'kill $watcher || [ -z "$remove" ] || { cd /; rm -rf "$remove"; }',
  'exit $code',
].join('\n');
const READY = 'database system is ready to accept connections';
const START_MS = 60_000;

/** Starts the server and resolves when it takes connections. */
export function startPostmaster(
  folder: DataFolder,
  port: number,
  binaries: PostgresBinaries,
  as: RunAs,
  logger: Logger,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    max_connections: '200',
    // A temporary cluster is thrown away: nothing is gained by waiting for its disk.
    ...(folder.temporary && { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [binaries.postgres, '-D', folder.cluster, '-p', String(port), ...flags];
  const options: SpawnOptions = {
    ...as,
    cwd: folder.cluster,
    stdio: ['pipe', 'ignore', 'pipe'],
  };
  // Its own session: Ctrl-C in a terminal reaches us, and we stop the server when the workers are done with it.
  const child =
    process.platform === 'win32'
      ? spawn(command[0] as string, command.slice(1), options)
      : spawn('/bin/sh', ['-c', WATCHDOG, 'sh', folder.temporary ? folder.path : '', ...command], {
          ...options,
          detached: true,
        });
  return awaitReady(child, folder, logger);
}

function awaitReady(child: ChildProcess, folder: DataFolder, logger: Logger): Promise<ChildProcess> {
  const tail: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  return new Promise<ChildProcess>((resolve, reject) => {
    const failed = (why: string, cause?: unknown): void => {
      child.stdin?.end();
      reject(
        new ToolboxError('EMBEDDED_FAILED', `PostgreSQL in ${folder.cluster} ${why}. ${tail.join(' | ')}`, {
          cause,
          fields: { folder: folder.cluster },
        }),
      );
    };
    timer = setTimeout(() => failed(`was not ready within ${START_MS / 1000} s`), START_MS);
    child.once('error', (error) => failed('could not be started', error));
    child.once('close', (code) => failed(`ended with code ${code} while starting`));
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      logger.debug({ line }, 'embedded PostgreSQL');
      if (tail.push(line) > 5) tail.shift();
      if (line.includes(READY)) resolve(child);
    });
  }).finally(() => clearTimeout(timer));
}
