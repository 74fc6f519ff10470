import { describe, test } from 'vitest';
import { workerCases } from './cases.js';
import { System, type WorkerPlace } from './system.js';

export interface Exercise {
  readonly place: () => Promise<WorkerPlace> | WorkerPlace;
  /** Cases that cannot hold here, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Runs every case on a place of its own. */
export function exerciseWorker(name: string, { place, skip = {} }: Exercise): void {
  for (const unknown of Object.keys(skip).filter((one) => !(one in workerCases))) {
    throw new Error(`${unknown} is skipped but is no case`);
  }
  describe(`a worker on ${name}`, () => {
    for (const [promise, run] of Object.entries(workerCases)) {
      const reason = skip[promise];
      test(promise, async (context) => {
        if (reason !== undefined) context.skip(reason);
        const system = new System(await place());
        try {
          await run(system);
        } finally {
          await system.dispose();
        }
      });
    }
  });
}
