import type { Command } from 'commander';
import type { AuditFlags } from '../actions/audit.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { seconds } from '../options/values.js';

export function auditCommand(program: Command, context: CliContext): void {
  addLogOptions(addGlobalOptions(program.command('audit')))
    .description(
      'find tasks whose worker or message is gone, results and children that nobody recorded, queues without workers; fail, mark or record them',
    )
    .option('--dry-run', 'change nothing')
    .option('--repair', 'also send tasks again, under their ids, whose message is gone')
    .option('--lost-after <seconds>', 'a task nobody has heard of for so long is looked for', seconds, 600)
    .option('--watch', 'go on, as sync-tasks does')
    .option('--silence <seconds>', 'a worker not heard for so long is gone', seconds, 30)
    .option('--interval <seconds>', 'pause between two looks', seconds, 5)
    .option(
      '--unmarked',
      "also judge rows that do not say how their message was acknowledged, such as Python's: only where all is acknowledged early",
    )
    .action(async (_flags: AuditFlags, command: Command) => {
      const { runAudit } = await import('../actions/audit.js');
      await runAudit(flagsOf(command), context);
    });
}
