import { argsRepr, kwargsRepr } from '../../../serialization/index.js';
import type { RequestInfo } from '../../runs/request-info.js';
import { flagArgument, textsArgument } from '../arguments.js';
import type { Command } from '../command.js';

/** What the worker has in its hands. */
export const requestCommands: readonly Command[] = [
  {
    name: 'active',
    alias: 'dump_active',
    kind: 'inspect',
    help: 'Tasks that run now.',
    run: (args, { worker }) => {
      const { active } = worker.info();
      return flagArgument(args, 'safe') ? active.map(safely) : active;
    },
  },
  {
    name: 'reserved',
    alias: 'dump_reserved',
    kind: 'inspect',
    help: 'Tasks taken that wait for a free slot.',
    run: (_, { worker }) => worker.info().reserved,
  },
  {
    name: 'scheduled',
    alias: 'dump_schedule',
    kind: 'inspect',
    help: 'Tasks taken that wait for their time.',
    run: (_, { worker }) => worker.info().scheduled,
  },
  {
    name: 'query_task',
    kind: 'inspect',
    help: 'What is known of tasks by id.',
    signature: '[id1 [id2 [... [idN]]]]',
    variadic: 'ids',
    run: (args, { worker }) => {
      const { active, reserved, scheduled } = worker.info();
      const known = new Map<string, readonly [state: string, info: RequestInfo]>([
        ...scheduled.map(({ request }) => [request.id, ['scheduled', request]] as const),
        ...reserved.map((info) => [info.id, ['reserved', info]] as const),
        ...active.map((info) => [info.id, ['active', info]] as const),
      ]);
      const ids = textsArgument(args, 'ids').filter((id) => known.has(id));
      return Object.fromEntries(ids.map((id) => [id, known.get(id)]));
    },
  },
];

/** Arguments as text. */
const safely = (info: RequestInfo): object => ({
  ...info,
  args: argsRepr(info.args),
  kwargs: kwargsRepr(info.kwargs),
});
