import { type Command, Option } from 'commander';
import type { ListFlags } from '../actions/list.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function listCommand(program: Command, context: CliContext): void {
  const list = program.command('list').description('list what the app uses of the broker');
  for (const what of ['queues', 'bindings'] as const) {
    addGlobalOptions(list.command(what))
      .description(
        what === 'queues'
          ? 'queues with the messages that wait in them'
          : 'which exchange and key lead to which queue: at the broker (Redis; RabbitMQ with --broker-api), else as the app declares it',
      )
      .addOption(new Option('-j, --json', 'print JSON'))
      .addOption(
        new Option('--broker-api <url>', "RabbitMQ's management, which tells of bindings").env(
          'WORKERTOOLBOX_BROKER_API',
        ),
      )
      .addHelpText('after', `\nExample:\n  $ workertoolbox -A app.ts list ${what}`)
      .action(async (_flags: ListFlags, command: Command) => {
        const { runList } = await import('../actions/list.js');
        // Global options may stand before `list`.
        await runList(what, { ...flagsOf<ListFlags>(program), ...flagsOf<ListFlags>(command) }, context);
      });
  }
}
