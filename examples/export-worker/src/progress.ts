import { setTimeout as pause } from 'node:timers/promises';
import type { TaskContext } from 'cadasta-workertoolbox';
import type { OnProgress } from './writer.js';

/** States are stored at most this often, in milliseconds: progress is for people. */
const EVERY_MS = 100;

/**
 * Reports a part's progress as state PROGRESS, and ends the work when the task is told to stop. `paceMs` slows it down, so
 * that one can watch.
 */
export function progressOf(task: TaskContext, paceMs: number): OnProgress {
  const { signal } = task;
  let next = 0;
  return async (done, total) => {
    // The reason tells why: revoked, out of time, or the worker stops.
    if (paceMs > 0) await pause(paceMs, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (Date.now() < next) return;
    next = Date.now() + EVERY_MS;
    await task.updateState('PROGRESS', { done, total });
  };
}
