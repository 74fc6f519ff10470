import type { Command } from 'commander';
import { connectionString } from '../../postgres/index.js';
import { grantWorkerSql } from '../../results/postgres/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, withClient } from '../database-admin.js';
import type { GlobalOptions } from '../global-options.js';

interface GrantFlags extends GlobalOptions {
  readonly database?: string;
  readonly printSql?: boolean;
  readonly create?: boolean;
}

export function grantWorkerCommand(program: Command, context: CliContext): void {
  program
    .command('grant-worker <role>')
    .description('give a role what a worker needs, and nothing else: to read and write the result table')
    .option('--database <url>', 'database, with a role that may grant (default: the result backend of -A)')
    .option('--create', 'create the role when it is absent (set its password with \\password in psql)')
    .option('--print-sql', 'print the statements and run nothing')
    .action(async (role: string, _flags: GrantFlags, command: Command) => {
      const flags = command.optsWithGlobals<GrantFlags>();
      const url = await databaseUrl(flags);
      const database = decodeURIComponent(new URL(connectionString(url, 'the database')).pathname.slice(1));
      const sql = grantWorkerSql({ role, database, create: flags.create === true });
      if (flags.printSql) {
        context.out.write(`${sql}\n`);
        return;
      }
      await withClient(url, (client) => client.query(sql));
      context.out.write(`${role} may now read and write results in ${database}.\n`);
    });
}
