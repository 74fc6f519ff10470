import { type Command, Option } from 'commander';
import type { AccountFlags, DashboardFlags } from '../actions/dashboard.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions, databaseOption } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { count, names } from '../options/values.js';

export function dashboardCommand(program: Command, context: CliContext): void {
  const dashboard = addLogOptions(addGlobalOptions(program.command('dashboard')))
    .description('serve the page that shows tasks, queues and workers, its API and its metrics')
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .addOption(usersFileOption())
    .option(
      '--host <address>',
      'address to listen on; another one than this machine needs users',
      '127.0.0.1',
    )
    .option('--port <n>', 'port to listen on; 0 for any free one', count, 5555)
    .option('--any-port', 'when the port is taken, take any free one')
    .option('--url-prefix <path>', 'path under which a proxy shows it')
    .option(
      '--trusted-proxy <addresses>',
      'addresses or CIDR blocks whose X-Forwarded-* headers count',
      names,
    )
    .option('--allowed-host <names>', 'refuse requests for other names', names)
    .option(
      '--private-task <names>',
      'tasks whose arguments viewers do not see; export.* for a beginning',
      names,
    )
    .option('--store <store>', 'where beat keeps its entries: postgres, a URL, file:PATH')
    .option('--no-enable-events', 'do not ask workers to tell of their tasks')
    .addOption(
      new Option('--metrics-token <token>', '/metrics needs this as a Bearer token').env(
        'WORKERTOOLBOX_METRICS_TOKEN',
      ),
    )
    .addHelpText('after', HELP)
    .action(async (_flags: DashboardFlags, command: Command) => {
      const { runDashboard } = await import('../actions/dashboard.js');
      await runDashboard(flagsOf(command), context);
    });
  accountCommands(dashboard, context, 'user');
  accountCommands(dashboard, context, 'token');
}

const usersFileOption = (): Option =>
  new Option('--users-file <path>', 'keep users and tokens in this file (default: in the database)').env(
    'WORKERTOOLBOX_USERS_FILE',
  );

const ACCOUNT_HELP = {
  user: {
    of: 'who may sign in: users with passwords',
    add: 'add a user; the password is read from standard input',
  },
  token: { of: 'which programs may call the API', add: 'make a token for a program, and print it once' },
} as const;

/** `users add|list|remove|password`, `tokens add|list|remove`. */
function accountCommands(dashboard: Command, context: CliContext, kind: 'user' | 'token'): void {
  const group = dashboard.command(`${kind}s`).description(ACCOUNT_HELP[kind].of);
  const add = (name: string, description: string): Command =>
    group
      .command(name)
      .description(description)
      .addOption(usersFileOption())
      .addOption(databaseOption('platform database'));
  const run = async (what: 'add' | 'list' | 'remove' | 'password', name: string, command: Command) => {
    const { runAccounts } = await import('../actions/dashboard-accounts.js');
    // `dashboard` and its group take the same options.
    const flags = { ...flagsOf<AccountFlags>(dashboard), ...flagsOf<AccountFlags>(command) };
    await runAccounts({ what, kind, name, flags }, context);
  };
  add('add <name>', ACCOUNT_HELP[kind].add)
    .addOption(new Option('--role <role>').choices(['viewer', 'operator', 'admin']).default('viewer'))
    .action((name: string, _flags: unknown, command: Command) => run('add', name, command));
  add('list', `list ${kind}s`)
    .option('--json', 'print JSON')
    .action((_flags: unknown, command: Command) => run('list', '', command));
  add('remove <name>', `remove a ${kind}: effective within five seconds`).action(
    (name: string, _flags: unknown, command: Command) => run('remove', name, command),
  );
  if (kind === 'user') {
    add(
      'password <name>',
      'give a new password, read from standard input; ends the sessions of the old one',
    ).action((name: string, _flags: unknown, command: Command) => run('password', name, command));
  }
}

const HELP = `
As long as there are no users it answers this machine only, and lets everybody on it do everything:

  workertoolbox dashboard users add ada --role admin`;
