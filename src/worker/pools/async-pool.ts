import { runInTask } from '../../app/index.js';
import type { Pool, PoolJob } from './pool.js';

/** Runs tasks on this process's event loop, `size` at a time. `solo` is the same with one slot. */
export function asyncPool(size: number, name: 'async' | 'solo' = 'async'): Pool {
  return {
    name,
    size,
    start: () => Promise.resolve(),
    run: ({ task, context, args, kwargs, children }: PoolJob) =>
      runInTask(context, () => task.run(context, args, kwargs), children),
    terminate: () => {},
    stop: () => Promise.resolve(),
    info: () => ({ pool: name, 'max-concurrency': size, processes: [process.pid] }),
  };
}
