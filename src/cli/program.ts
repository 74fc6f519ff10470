import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.js';
import { beatCommand } from './commands/beat.js';
import { callCommand } from './commands/call.js';
import { checkCommand } from './commands/check.js';
import { dashboardCommand } from './commands/dashboard.js';
import { demoCommand } from './commands/demo.js';
import { eventsCommand } from './commands/events.js';
import { familyCommand } from './commands/family.js';
import { grantBeatCommand } from './commands/grant-beat.js';
import { grantSyncTasksCommand, grantViewerCommand } from './commands/grant-platform.js';
import { grantWorkerCommand } from './commands/grant-worker.js';
import { listCommand } from './commands/list.js';
import { migrateCommand } from './commands/migrate.js';
import { purgeCommand } from './commands/purge.js';
import { quarantineCommand } from './commands/quarantine.js';
import { controlCommand, inspectCommand, statusCommand } from './commands/remote.js';
import { resultCommand } from './commands/result.js';
import { retainCommand } from './commands/retain.js';
import { seedCommand } from './commands/seed.js';
import { syncTasksCommand } from './commands/sync-tasks.js';
import { upCommand } from './commands/up.js';
import { workerCommand } from './commands/worker.js';
import { type CliContext, coloursFor } from './context.js';
import { exitCodeFor, lineFor, usageLine } from './failure.js';
import { addGlobalOptions } from './options/global-options.js';

const COMMANDS = [
  workerCommand,
  syncTasksCommand,
  beatCommand,
  callCommand,
  resultCommand,
  familyCommand,
  statusCommand,
  inspectCommand,
  controlCommand,
  eventsCommand,
  listCommand,
  purgeCommand,
  quarantineCommand,
  checkCommand,
  dashboardCommand,
  auditCommand,
  migrateCommand,
  grantWorkerCommand,
  grantSyncTasksCommand,
  grantViewerCommand,
  retainCommand,
  seedCommand,
  grantBeatCommand,
  upCommand,
  demoCommand,
];

const EXIT_CODES = `
Exit codes: 0 done, 1 the work failed, 2 the command line or the configuration is wrong,
69 no worker answered.`;

/** Runs one command line; resolves with its exit code. A signal that ended it counts as the shell does: 128 and its number. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const program = buildProgram(context);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Help and version end here as well, with exit code 0; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const line = lineFor(error);
    if (line !== undefined) context.err.write(`${mark(context)} ${line}\n`);
    return exitCodeFor(error);
  }
}

/** What errors begin with. */
const mark = ({ err, env }: CliContext): string => coloursFor(err, env).red('workertoolbox:');

function buildProgram(context: CliContext): Command {
  const program = addGlobalOptions(new Command('workertoolbox'))
    .description('Workers whose tasks and results are tracked by a central platform.')
    .version(version(), '-V, --version')
    .addHelpText('after', EXIT_CODES)
    .configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: (text) => void context.err.write(text),
      outputError: (text, write) => write(`${mark(context)} ${usageLine(text)}\n`),
    })
    .exitOverride()
    .showSuggestionAfterError();
  for (const add of COMMANDS) add(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

function version(): string {
  const { version: text } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return text;
}
