import { asyncPool, type Pool } from '../../worker/index.js';

/** Runs tasks on the event loop, and keeps the ids of those whose code runs in `running`. */
export function watchedPool(slots: number, running: Set<string>): Pool {
  const pool = asyncPool(slots);
  const run: Pool['run'] = async (job) => {
    const { id } = job.message;
    running.add(id);
    return pool.run(job).finally(() => running.delete(id));
  };
  return Object.assign(Object.create(pool) as Pool, { run });
}
