import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentTask } from '../../app/index.js';
import type { Clock } from '../../base/index.js';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
  /** The task whose code waits for it. */
  readonly taskId: string | undefined;
}

/** Turns of the event loop in which everything that is ready runs: what one piece of work leads to is ready in the next. */
const TURNS = 25;

/** Time that stands still until it is turned. What falls due is called in order, each at its own time. */
export class VirtualClock implements Clock {
  readonly #start: number;
  readonly #timers = new Set<Timer>();
  #ms = 0;

  constructor(start: Date) {
    this.#start = start.getTime();
  }

  now(): number {
    return this.#start + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#ms + Math.max(0, ms), fn, taskId: currentTask()?.id };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn({ after: (later, fn) => this.after(later, fn) }, ms, signal);
  }

  /** Lets so many milliseconds pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await settled();
    while ((this.nextDue ?? Number.POSITIVE_INFINITY) <= end) {
      this.step();
      await settled();
    }
    this.#ms = end;
    await settled();
  }

  /** When the next timer is due (monotonic). */
  get nextDue(): number | undefined {
    return this.#next()?.at;
  }

  /** Goes on to the next timer, if there is one. */
  step(): void {
    const next = this.#next();
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#ms = Math.max(this.#ms, next.at);
    next.fn();
  }

  /** Ids of the tasks whose code waits for this clock. */
  waitingTasks(): ReadonlySet<string | undefined> {
    return new Set([...this.#timers].map(({ taskId }) => taskId));
  }

  /** A clock of the same time whose timers can be cut off all at once, as those of a process that ends. */
  branch(): Clock & { cut(): void } {
    const mine = new Set<() => void>();
    const after: Clock['after'] = (ms, fn) => {
      const cancel = this.after(ms, () => {
        mine.delete(forget);
        fn();
      });
      const forget = (): void => {
        mine.delete(forget);
        cancel();
      };
      mine.add(forget);
      return forget;
    };
    return {
      now: () => this.now(),
      monotonic: () => this.monotonic(),
      after,
      sleep: (ms, signal) => sleepOn({ after }, ms, signal),
      cut: () => [...mine].forEach((forget) => forget()),
    };
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  }
}

/** Resolves when everything that is ready to run has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
}

function sleepOn({ after }: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const aborted = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    });
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
