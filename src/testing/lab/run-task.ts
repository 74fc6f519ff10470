import type { CeleryApp } from '../../app/index.js';
import type { AsyncResult } from '../../results/index.js';
import { Lab, type TaskRun } from './lab.js';

/**
 * Runs one call of a task in a lab of its own, and tells what it came to: see `Lab.run`. Nothing it sends is run.
 */
export async function runTask<Call, R>(
  app: CeleryApp,
  task: { readonly name: string; applyAsync(call: Call): Promise<AsyncResult<R>> },
  call: Call,
): Promise<TaskRun<R>> {
  const lab = await Lab.open(app);
  try {
    return await lab.run(task, call);
  } finally {
    await lab.close();
  }
}
