import type { Command } from 'commander';
import { messageOf } from '../../base/index.js';
import { CHECKS, type Check } from '../../toolbox/index.js';
import { createWorker } from '../../worker/index.js';
import { type CliContext, coloursFor } from '../context.js';
import { CommandFailed } from '../failure.js';
import { appFrom, type GlobalOptions } from '../global-options.js';
import { printJson } from '../output.js';
import { platformDatabase } from '../platform-access.js';

interface CheckFlags extends GlobalOptions {
  readonly offline?: boolean;
  readonly producer?: boolean;
  readonly database?: string | true;
  readonly json?: boolean;
}

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly problem?: string;
}

interface LiveCheck {
  readonly name: string;
  readonly run: () => Promise<unknown> | unknown;
}

export function checkCommand(program: Command, context: CliContext): void {
  program
    .command('check')
    .description(
      'check that the app conforms with the architecture, and that broker and databases can be used',
    )
    .option('--offline', 'only what needs no server')
    .option('--producer', 'the app only produces tasks: leave out what concerns workers')
    .option('--database [url]', 'check the platform database too (default: the one of the result backend)')
    .option('--json', 'print JSON')
    .action(async (_flags: CheckFlags, command: Command) => {
      const flags = command.optsWithGlobals<CheckFlags>();
      const app = await appFrom(flags);
      const settled = (check: Check): LiveCheck => ({ name: check.name, run: () => check.run(app) });
      const checks: LiveCheck[] = [
        ...(flags.producer ? [] : [{ name: 'a worker can be made', run: () => void createWorker(app) }]),
        ...CHECKS.map(settled),
        ...(flags.offline ? [] : liveChecks(app, flags)),
      ];
      const findings: Finding[] = [];
      for (const check of checks) {
        const finding = await findingOf(check);
        findings.push(finding);
        if (!flags.json) context.out.write(line(finding, context));
      }
      await app.close();
      if (flags.json) printJson(context, findings);
      const failures = findings.filter(({ ok }) => !ok).length;
      if (!flags.json)
        context.out.write(
          failures === 0 ? 'The app conforms.\n' : `${failures} of ${findings.length} checks failed.\n`,
        );
      if (failures > 0) throw new CommandFailed();
    });
}

function liveChecks(
  app: Awaited<ReturnType<typeof appFrom>>,
  { database, producer }: CheckFlags,
): LiveCheck[] {
  const checks: LiveCheck[] = [
    {
      name: 'the broker can be reached and every queue declared',
      run: async () => (await app.broker()).declare(app.queues),
    },
  ];
  if (!producer) checks.push({ name: 'the result backend can be used', run: () => app.backend() });
  if (database !== undefined) {
    checks.push({
      name: 'the task table can be read',
      run: async () => {
        const store = platformDatabase(app, database === true ? undefined : database);
        try {
          await store.query({ text: 'SELECT 1 FROM tasks_backgroundtask LIMIT 1' });
        } finally {
          await store.close();
        }
      },
    });
  }
  return checks;
}

async function findingOf({ name, run }: LiveCheck): Promise<Finding> {
  try {
    await run();
    return { check: name, ok: true };
  } catch (error) {
    return { check: name, ok: false, problem: messageOf(error) };
  }
}

function line({ check, ok, problem }: Finding, context: CliContext): string {
  const colours = coloursFor(context);
  return ok ? `${colours.green('✔')} ${check}\n` : `${colours.red('✘')} ${check}\n    ${problem ?? ''}\n`;
}
