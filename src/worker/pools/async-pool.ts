import { runInTask } from '../../app/index.js';
import type { Outcome } from '../execution/outcome.js';
import type { Pool, PoolJob } from './pool.js';
import { poolInfo } from './pool-info.js';

/** Runs tasks on this process's event loop, `size` at a time. */
export function asyncPool(size: number): Pool {
  let slots = size;
  return {
    ...hereWith('async', () => slots),
    get size() {
      return slots;
    },
    resize(wanted) {
      slots = wanted;
    },
  };
}

/** Runs tasks on this process's event loop, one at a time. */
export const soloPool = (): Pool => ({ ...hereWith('solo', () => 1), size: 1 });

const hereWith = (name: string, size: () => number): Omit<Pool, 'size' | 'resize'> => ({
  name,
  onLoop: true,
  start: () => Promise.resolve(),
  run: runHere,
  terminate: () => {},
  stop: () => Promise.resolve(),
  info: () => poolInfo(name, size(), [process.pid]),
});

/** Runs a job on this process's event loop. */
export function runHere(job: PoolJob): Promise<Outcome> {
  const { task, context, message, children } = job;
  job.accepted(process.pid);
  return runInTask(context, () => task.run(context, message.args, message.kwargs), children).then(
    (value) => ({ kind: 'success', value }),
    (error: unknown) => job.outcomeOf(error),
  );
}
