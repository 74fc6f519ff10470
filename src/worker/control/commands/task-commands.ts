import type { RegisteredTask } from '../../../app/index.js';
import { hasCode } from '../../../base/index.js';
import { rateInterval } from '../../scheduling/rate-limit.js';
import { flagArgument, numberArgument, textArgument, textsArgument } from '../arguments.js';
import { type Command, type CommandArguments, nok, ok } from '../command.js';
import { errorRepr } from '../python-error.js';

/** What is shown of a task when nobody says. */
const SHOWN = ['exchange', 'routing_key', 'rate_limit'];

export const taskCommands: readonly Command[] = [
  {
    name: 'registered',
    alias: 'dump_tasks',
    kind: 'inspect',
    help: 'Tasks that can be run, with options that are set.',
    signature: '[attr1 [attr2 [... [attrN]]]]',
    variadic: 'taskinfoitems',
    run: (args, { app }) => {
      const given = textsArgument(args, 'taskinfoitems').filter((item) => !item.startsWith('_'));
      const items = given.length > 0 ? given : SHOWN;
      const builtins = flagArgument(args, 'builtins');
      const names = app.tasks.names().filter((name) => builtins || !name.startsWith('celery.'));
      return names.toSorted().map((name) => described(name, app.tasks.get(name), items));
    },
  },
  {
    name: 'rate_limit',
    kind: 'control',
    help: 'Set how many tasks of a name begin in a time.',
    signature: '<task_name> <rate_limit (e.g., 5/s | 5/m | 5/h)>',
    args: [
      ['task_name', String],
      ['rate_limit', String],
    ],
    run: (args, { app, worker }) => {
      const name = textArgument(args, 'task_name');
      const limit = limitArgument(args);
      try {
        rateInterval(limit);
      } catch (error) {
        if (hasCode(error, 'CONFIG_INVALID')) return nok(`Invalid rate limit string: ${errorRepr(error)}`);
        throw error;
      }
      if (app.tasks.get(name) === undefined) return nok('unknown task');
      worker.rateLimit(name, limit);
      return ok(Number(limit) === 0 ? 'rate limit disabled successfully' : 'new rate limit set successfully');
    },
  },
  {
    name: 'time_limit',
    kind: 'control',
    help: 'Set how long tasks of a name may run, in seconds.',
    signature: '<task_name> <soft_secs> [hard_secs]',
    args: [
      ['task_name', String],
      ['soft', Number],
      ['hard', Number],
    ],
    run: (args, { worker }) => {
      const hard = numberArgument(args, 'hard') ?? null;
      const soft = numberArgument(args, 'soft') ?? null;
      const set = worker.timeLimit(textArgument(args, 'task_name'), hard, soft);
      return set ? ok('time limits set successfully') : nok('unknown task');
    },
  },
];

/** A text or a number; null, an empty text and 0 mean: no limit. */
function limitArgument({ rate_limit: limit }: CommandArguments): string | number | null {
  return typeof limit === 'string' || typeof limit === 'number' ? limit : null;
}

function described(name: string, task: RegisteredTask | undefined, items: readonly string[]): string {
  const options = (task?.options ?? {}) as Readonly<Record<string, unknown>>;
  const set = items
    .map((item) => [item, options[camelCase(item)]] as const)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([item, value]) => `${item}=${pythonText(value)}`);
  return set.length === 0 ? name : `${name} [${set.join(' ')}]`;
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const pythonText = (value: unknown): string =>
  value === true ? 'True' : value === false ? 'False' : String(value);
