import { isRecord } from '../../../bus/index.js';
import { pythonRepr } from '../../../serialization/index.js';
import { flagArgument, textArgument, textsArgument } from '../arguments.js';
import { type Command, type CommandArguments, type CommandContext, CommandError, ok } from '../command.js';

/** Signals a pool of child processes may be told to send. */
const SIGNALS: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGKILL',
  'SIGINT',
  'SIGQUIT',
  'SIGUSR1',
  'SIGHUP',
  'SIGABRT',
];

export const revokeCommands: readonly Command[] = [
  {
    name: 'revoked',
    alias: 'dump_revoked',
    kind: 'inspect',
    help: 'Ids of revoked tasks.',
    run: (_, { worker }) => worker.info().revoked,
  },
  {
    name: 'revoke',
    kind: 'control',
    help: 'Discard tasks when they would begin.',
    signature: '[id1 [id2 [... [idN]]]]',
    variadic: 'task_id',
    run: (args, context) => revoke(args, flagArgument(args, 'terminate'), context),
  },
  {
    name: 'terminate',
    kind: 'control',
    help: 'End tasks where they run, and discard them elsewhere.',
    signature: '<signal> [id1 [id2 [... [idN]]]]',
    args: [['signal', String]],
    variadic: 'task_id',
    run: (args, context) => revoke(args, true, context),
  },
  {
    name: 'revoke_by_stamped_headers',
    kind: 'control',
    help: 'Discard tasks that bear one of these stamps.',
    signature: '[key1=value1 [key2=value2 [... [keyN=valueN]]]]',
    variadic: 'headers',
    run: async (args, { worker }) => {
      const headers = headersArgument(args);
      const terminate = flagArgument(args, 'terminate');
      const ended = await worker.revokeByStampedHeaders(headers, { terminate, ...signalArgument(args) });
      const shown = pythonRepr(headers);
      if (!terminate) return ok(`headers ${shown} flagged as revoked, but not terminated`);
      return ok(ended.length > 0 ? `headers ${shown} revoked` : `headers ${shown} were not terminated`);
    },
  },
];

async function revoke(
  args: CommandArguments,
  terminate: boolean,
  { worker }: CommandContext,
): Promise<unknown> {
  const ids = textsArgument(args, 'task_id');
  const ended = await worker.revoke(ids, { terminate, ...signalArgument(args) });
  if (!terminate) return ok(`tasks ${pythonRepr(new Set(ids))} flagged as revoked`);
  if (ended.length === 0) return ok('terminate: tasks unknown');
  return ok(`terminate: ${ended.map(({ id }) => id).join(', ')}`);
}

/** `TERM`, `SIGTERM`, in any case, or none. */
function signalArgument({ signal }: CommandArguments): { readonly signal?: NodeJS.Signals } {
  if (signal === undefined || signal === null || signal === '') return {};
  const text = textArgument({ signal }, 'signal').toUpperCase();
  const name = SIGNALS.find((one) => one === text || one === `SIG${text}`);
  if (name !== undefined) return { signal: name };
  throw new CommandError('ValueError', `signal: expected one of ${SIGNALS.join(', ')}`);
}

/** A mapping, or `name=value` texts as command lines send them. */
function headersArgument({ headers }: CommandArguments): Readonly<Record<string, unknown>> {
  if (isRecord(headers)) return headers;
  if (Array.isArray(headers) && headers.every((item) => typeof item === 'string' && item.includes('='))) {
    return Object.fromEntries(
      (headers as string[]).map((item) => [
        item.slice(0, item.indexOf('=')),
        item.slice(item.indexOf('=') + 1),
      ]),
    );
  }
  throw new CommandError('TypeError', "argument 'headers': expected a mapping, or texts such as name=value");
}
