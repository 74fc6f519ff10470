import type { Command } from 'commander';
import type { CallFlags } from '../actions/call.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { count, seconds, secondsOrTime, time } from '../options/values.js';

export function callCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('call <task>'))
    .description('send a task by name and print its id; with --wait, exit code 1 when it failed')
    .option('-a, --args <json>', 'positional arguments')
    .option('-k, --kwargs <json>', 'keyword arguments')
    .option('--countdown <seconds>', 'run so many seconds from now', seconds)
    .option('--eta <time>', 'run at this ISO time', time)
    .option('--expires <time>', 'discard after so many seconds, or after this ISO time', secondsOrTime)
    .option('--queue <name>', 'queue')
    .option('--exchange <name>', 'exchange')
    .option('--routing-key <key>', 'routing key')
    .option('--priority <n>', 'priority', count)
    .option('--serializer <name>', 'serializer of the message')
    .option('--task-id <id>', 'id instead of a new one')
    .option('--property <json>', 'further options, which travel as message properties')
    .option('-w, --wait', 'wait for the result and print it')
    .option('--timeout <seconds>', 'wait at most so long', seconds)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ workertoolbox -A app.ts call math.add --args "[2, 3]" --wait')
    .action(async (task: string, _flags: CallFlags, command: Command) => {
      const { runCall } = await import('../actions/call.js');
      await runCall(task, flagsOf(command), context);
    });
}
