import { describe, test } from 'vitest';
import type { PoolName } from '../../../src/worker/index.js';
import { workerCases } from './cases.js';
import { System, type WorkerPlace } from './system.js';

export interface Exercise {
  readonly place: () => Promise<WorkerPlace> | WorkerPlace;
  /** How tasks are run. Default: in the `async` pool. */
  readonly pool?: PoolName;
  /** Cases that cannot hold here, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Runs every case on a place of its own. */
export function exerciseWorker(name: string, { place, pool = 'async', skip = {} }: Exercise): void {
  for (const unknown of Object.keys(skip).filter((one) => !(one in workerCases))) {
    throw new Error(`${unknown} is skipped but is no case`);
  }
  describe(`a worker on ${name}, pool ${pool}`, () => {
    for (const [promise, run] of Object.entries(workerCases)) {
      const reason = skip[promise];
      test(promise, async (context) => {
        if (reason !== undefined) context.skip(reason);
        const system = await System.open(await place(), pool);
        try {
          await run(system);
        } finally {
          await system.dispose();
        }
      });
    }
  });
}
