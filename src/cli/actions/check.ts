import { maskUrl, messageOf } from '../../base/index.js';
import type { Queue, Transport } from '../../messaging/index.js';
import { type Celery, CHECKS } from '../../toolbox/index.js';
import { createWorker } from '../../worker/index.js';
import { appFrom } from '../app-from.js';
import { type CliContext, coloursFor } from '../context.js';
import { CommandFailed } from '../failure.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson } from '../output.js';

export interface CheckFlags extends GlobalOptions {
  readonly offline?: boolean;
  readonly producer?: boolean;
  readonly database?: string | true;
  readonly json?: boolean;
}

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly problem?: string;
  /** It holds, and yet something may go wrong. */
  readonly warnings?: readonly string[];
  /** What was found, where that is worth telling. */
  readonly note?: string;
}

interface Check {
  readonly name: string;
  readonly run: () => Promise<unknown> | unknown;
  /** What else to say when it holds. */
  readonly warnings?: () => Promise<readonly string[]>;
}

export async function runCheck(flags: CheckFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const findings: Finding[] = [];
  try {
    for (const check of checksOf(app, flags)) {
      const finding = await findingOf(check);
      findings.push(finding);
      if (!flags.json) context.out.write(line(finding, context));
    }
  } finally {
    await app.close();
  }
  const failures = findings.filter(({ ok }) => !ok).length;
  if (flags.json) printJson(context, findings);
  else if (failures === 0) context.out.write('The app conforms.\n');
  else context.out.write(`${failures} of ${findings.length} checks failed.\n`);
  if (failures > 0) throw new CommandFailed();
}

const checksOf = (app: Celery, flags: CheckFlags): readonly Check[] => [
  ...(flags.producer ? [] : [{ name: 'a worker can be made', run: () => void createWorker(app) }]),
  ...CHECKS.map(({ name, run }) => ({ name, run: () => run(app) })),
  ...(flags.offline ? [] : liveChecks(app, flags)),
];

function liveChecks(app: Celery, { database, producer }: CheckFlags): readonly Check[] {
  const broker = {
    name: 'the broker can be reached and every queue declared',
    run: async () => {
      const transport = await app.broker();
      await transport.declare(app.queues);
      return deadLettersOf(transport, app.queues);
    },
    warnings: async () => (await (await app.broker()).hazards?.()) ?? [],
  };
  const backend = { name: 'the result backend can be used', run: () => app.backend() };
  const tasks = {
    name: 'the task table can be read',
    run: async () => {
      const { platformDatabase } = await import('../platform-access.js');
      const store = platformDatabase(app, database === true ? undefined : database);
      try {
        await store.query({ text: 'SELECT 1 FROM tasks_backgroundtask LIMIT 1' });
      } finally {
        await store.close();
      }
    },
  };
  return [broker, ...(producer ? [] : [backend]), ...(database === undefined ? [] : [tasks])];
}

/** Where each queue's messages go that were delivered too often. Throws NOT_DECLARED for a rule that leads nowhere. */
async function deadLettersOf(transport: Transport, queues: readonly Queue[]): Promise<string> {
  const lines = await Promise.all(
    queues.map(async ({ name }) => {
      const dead = await transport.deadLetters?.(name);
      return dead
        ? [`${name}: ${dead.waiting} in ${dead.queue}, after ${dead.maxDeliveries} deliveries`]
        : [];
    }),
  );
  return lines.flat().join('; ');
}

async function findingOf({ name, run, warnings }: Check): Promise<Finding> {
  try {
    const note = await run();
    const said = (await warnings?.()) ?? [];
    return {
      check: name,
      ok: true,
      ...(said.length > 0 ? { warnings: said } : {}),
      ...(typeof note === 'string' && note !== '' ? { note } : {}),
    };
  } catch (error) {
    return { check: name, ok: false, problem: maskUrl(messageOf(error)) };
  }
}

function line({ check, ok, problem = '', warnings = [], note }: Finding, { out, env }: CliContext): string {
  const colours = coloursFor(out, env);
  const said = warnings.map((warning) => `    ${colours.yellow('!')} ${warning}\n`).join('');
  const more = note === undefined ? '' : `    ${note}\n`;
  return ok
    ? `${colours.green('✔')} ${check}\n${more}${said}`
    : `${colours.red('✘')} ${check}\n    ${problem}\n`;
}
