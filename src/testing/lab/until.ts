import { AssertionError } from 'node:assert';
import { setTimeout as realPause } from 'node:timers/promises';
import { type AnyState, isReady } from '../../base/index.js';
import { errorFrom, type TaskMeta } from '../../results/index.js';
import { settled, type VirtualClock } from './virtual-clock.js';

export interface UntilOptions {
  /** Seconds of virtual time that may pass. Default: a day. */
  readonly within?: number;
  /** Milliseconds of real time in which running code must come to something. Default 5000. */
  readonly patienceMs?: number;
}

export interface Waiting {
  readonly clock: VirtualClock;
  /** Ids of the tasks whose code runs now. */
  readonly running: () => readonly string[];
}

const DAY_S = 86_400;
const PATIENCE_MS = 5000;

/**
 * Waits for `look` to give a value. Time passes by itself, from one timer to the next, whenever no task's code is running, or
 * all of it waits for this clock.
 */
export async function waitUntil<T>(
  { clock, running }: Waiting,
  what: string,
  look: () => Promise<T | undefined>,
  { within = DAY_S, patienceMs = PATIENCE_MS }: UntilOptions = {},
): Promise<T> {
  const deadline = clock.monotonic() + within * 1000;
  let moved = performance.now();
  for (;;) {
    await settled();
    const value = await look();
    if (value !== undefined) return value;
    const waiting = clock.waitingTasks();
    const busy = running().filter((id) => !waiting.has(id));
    const next = clock.nextDue;
    if (busy.length === 0 && next !== undefined && next <= deadline) {
      clock.step();
      moved = performance.now();
    } else if (performance.now() - moved > patienceMs) {
      throw new AssertionError({ message: `${what} did not happen: ${why(busy, next, within)}` });
    } else await realPause(1);
  }
}

function why(busy: readonly string[], next: number | undefined, within: number): string {
  if (busy.length > 0) return `the code of ${busy.join(', ')} does not come to an end`;
  return next === undefined
    ? 'nothing is left to be done'
    : `not within ${within} s, although everything was done that was due by then`;
}

/** The meta when the task is in that state; throws when it has ended in another. */
export function inState(meta: TaskMeta, state: AnyState): TaskMeta | undefined {
  if (meta.status === state) return meta;
  if (!isReady(meta.status)) return undefined;
  const told = meta.status === 'SUCCESS' ? '' : `\n${errorFrom(meta).message}\n${meta.traceback ?? ''}`;
  throw new AssertionError({
    message: `Task ${meta.taskId} has ended in ${meta.status}, not in ${state}${told}`,
    actual: meta.status,
    expected: state,
    operator: 'until',
  });
}
