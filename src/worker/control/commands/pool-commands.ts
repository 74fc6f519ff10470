import { hasCode } from '../../../base/index.js';
import { numberArgument } from '../arguments.js';
import { type Command, CommandError, nok, ok } from '../command.js';

const slots: Pick<Command, 'signature' | 'args'> = { signature: '[N=1]', args: [['n', Number]] };

export const poolCommands: readonly Command[] = [
  {
    name: 'pool_grow',
    kind: 'control',
    help: 'Run N more tasks at a time.',
    ...slots,
    run: (args, { worker }) =>
      unlessRefused(() => {
        worker.growPool(numberArgument(args, 'n') ?? 1);
        return ok('pool will grow');
      }),
  },
  {
    name: 'pool_shrink',
    kind: 'control',
    help: 'Run N tasks fewer at a time.',
    ...slots,
    run: (args, { worker }) =>
      unlessRefused(() => {
        worker.shrinkPool(numberArgument(args, 'n') ?? 1);
        return ok('pool will shrink');
      }),
  },
  {
    name: 'pool_restart',
    kind: 'control',
    help: 'Put fresh processes or threads in the place of all.',
    run: async (_, { worker }) => {
      await asValueError(() => worker.restartPool());
      return ok('reload started');
    },
  },
  {
    name: 'autoscale',
    kind: 'control',
    help: 'Change the bounds of a pool that scales by itself.',
    signature: '[max [min]]',
    args: [
      ['max', Number],
      ['min', Number],
    ],
    run: (args, { worker }) =>
      asValueError(() => {
        const { max, min } = worker.autoscale(numberArgument(args, 'max'), numberArgument(args, 'min'));
        return ok(`autoscale now max=${max} min=${min}`);
      }),
  },
];

/** What the pool cannot do is an answer. */
function unlessRefused(change: () => unknown): unknown {
  try {
    return change();
  } catch (error) {
    if (hasCode(error, 'STATE_INVALID')) return nok(error.message);
    throw error;
  }
}

/** What Celery throws here is a ValueError. */
async function asValueError<T>(change: () => T | Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (hasCode(error, 'STATE_INVALID')) throw new CommandError('ValueError', error.message);
    throw error;
  }
}
