import type { Command } from 'commander';
import type { QuarantineFlags, QuarantineVerb } from '../actions/quarantine.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions, databaseOption } from '../options/global-options.js';
import { positive } from '../options/values.js';

export function quarantineCommand(program: Command, context: CliContext): void {
  const quarantine = program
    .command('quarantine')
    .description('messages that nobody could process: list, show, replay, edit, discard');
  const verb = (name: string, description: string): Command =>
    addGlobalOptions(quarantine.command(name))
      .description(description)
      .addOption(databaseOption('platform database (default: the one of the result backend)'))
      .option('--json', 'print JSON');
  const run =
    (which: QuarantineVerb) =>
    async (...given: readonly unknown[]): Promise<void> => {
      const command = given.at(-1) as Command;
      const ids = given.find((one): one is string[] => Array.isArray(one)) ?? command.args;
      const { QUARANTINE_VERBS } = await import('../actions/quarantine.js');
      await QUARANTINE_VERBS[which](ids, flagsOf<QuarantineFlags>(command), context);
    };
  verb('list', 'what is there, newest first')
    .option('-Q, --queue <name>', 'from this queue only')
    .option('--code <code>', 'for this reason only: decode, content-type, message, …')
    .option('--task <name>', 'of this task only, by name or id')
    .option('--limit <n>', 'most messages', positive, 50)
    .action(run('list'));
  verb('show <id>', 'one message as it came').action(run('show'));
  verb('replay <ids...>', 'send messages again, as they came, to the queues they came from').action(
    run('replay'),
  );
  verb('edit <id>', 'send an edited copy, under a new id')
    .option('--args <json>', 'other positional arguments, a JSON list')
    .option('--kwargs <json>', 'other keyword arguments, a JSON object')
    .option('--headers <json>', 'headers to change; null leaves one out')
    .option('--body <text>', 'another body, as JSON')
    .action(run('edit'));
  verb('discard <ids...>', 'take messages out for good')
    .requiredOption('--note <text>', 'why: kept in the audit')
    .action(run('discard'));
}
