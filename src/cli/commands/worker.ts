import { type Command, Option } from 'commander';
import type { PoolName } from '../../worker/index.js';
import type { WorkerFlags } from '../actions/worker.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { count, names, positive, range, seconds } from '../options/values.js';

export function workerCommand(program: Command, context: CliContext): void {
  addLogOptions(addGlobalOptions(program.command('worker')))
    .description('run tasks')
    .option(
      '-Q, --queues <names>',
      'queues to consume from, separated by commas (default: all of the app)',
      names,
    )
    .option('-c, --concurrency <n>', 'tasks run at a time', positive)
    .option('--prefetch-multiplier <n>', 'messages taken ahead for each of them', count)
    .option('-n, --hostname <name>', 'node name; %h is the host, %n its name, %d its domain')
    .addOption(
      new Option(
        '-P, --pool <pool>',
        'run tasks on the event loop, one in each thread or process, or one at a time',
      ).choices(['async', 'threads', 'prefork', 'solo'] satisfies readonly PoolName[]),
    )
    .option('--autoscale <max,min>', 'let the number of tasks run at a time follow the work', range)
    .option('--max-tasks-per-child <n>', 'tasks after which a thread or process is replaced', positive)
    .option('--max-memory-per-child <KiB>', 'memory after which a thread or process is replaced', positive)
    .option('--time-limit <seconds>', 'end tasks that take longer by force (threads, prefork)', seconds)
    .option('--soft-time-limit <seconds>', 'tell tasks that take longer to end', seconds)
    .option('--shutdown-timeout <seconds>', 'how long running tasks may take when told to stop', seconds, 25)
    .option('--statedb <file>', 'file in which revoked tasks outlive the worker; %n is the node, %h the host')
    .option('--health-port <port>', 'serve /live, /ready and /metrics (Prometheus) on this port', count)
    .option('--health-host <address>', 'where to serve them (default: 127.0.0.1)')
    .option('-B, --beat', 'also send the tasks of the schedule when they are due')
    .option('-s, --schedule <file>', 'with -B: where the schedule is kept, on one machine')
    .addOption(
      new Option('--beat-store <store>', 'with -B: as beat --store')
        .env('WORKERTOOLBOX_BEAT_STORE')
        .conflicts('schedule'),
    )
    .option('-E, --task-events', 'send events of tasks, for monitors')
    .option('--heartbeat-interval <seconds>', 'time between heartbeats (default: 2)', seconds)
    .option('--without-heartbeat', 'send no heartbeats')
    .option('--without-gossip', 'do not listen to the other workers')
    .option('--without-mingle', 'do not ask the other workers at start what is revoked')
    .addOption(
      new Option(
        '--quarantine [database-url]',
        'leave no message that nobody can process before this database has it (default: the database of results, where it takes them; else the log)',
      ).env('WORKERTOOLBOX_QUARANTINE'),
    )
    .addHelpText('after', HELP)
    .action(async (_flags: WorkerFlags, command: Command) => {
      const { runWorker } = await import('../actions/worker.js');
      await runWorker(flagsOf(command), context);
    });
}

const HELP = `
SIGTERM and Ctrl+C stop it warmly: running tasks are finished, what has not begun goes back to its queue. A second signal
shortens the wait, a third ends the process at once (exit code 1). SIGQUIT waits worker_soft_shutdown_timeout seconds at
most; with REMAP_SIGTERM=SIGQUIT in the environment, so does SIGTERM.

Example:
  $ workertoolbox -A app.ts worker -Q export,celery -c 8 -l info -n export@%h`;
