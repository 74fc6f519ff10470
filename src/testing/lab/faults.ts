import { ToolboxError } from '../../base/index.js';

/**
 * What an app asks of its broker (`publish`, `receive`, `ack`) and its result store, where things can go wrong: to store what a
 * task has come to (`result`) or how far it is (`state`: STARTED, RETRY, progress), and to `read`.
 */
export type Operation = 'publish' | 'receive' | 'ack' | 'result' | 'state' | 'read';

const OF_STORE: readonly Operation[] = ['result', 'state', 'read'];

/** A moment: just before the broker or the store does what it is asked, or just after. */
export type Moment = { readonly before: Operation } | { readonly after: Operation };

/** The connections of one life of the program: from its start to its end, or its crash. */
export interface Life {
  crashed: boolean;
}

interface Crash {
  readonly moment: Moment;
  readonly happened: () => void;
}

/** Everything that is to go wrong, asked at each operation. */
export class Faults {
  readonly #failing = new Map<Operation, number>();
  #away = 0;
  #crash: Crash | undefined;

  /** The next so many operations of that kind fail, as when nobody answers. */
  fail(operation: Operation, times: number): void {
    this.#failing.set(operation, (this.#failing.get(operation) ?? 0) + times);
  }

  /** The broker cannot be reached until the function it gives is called. */
  disconnect(): () => void {
    this.#away += 1;
    let back = false;
    return () => {
      if (!back) this.#away -= 1;
      back = true;
    };
  }

  crashAt(moment: Moment, happened: () => void): void {
    this.#crash = { moment, happened };
  }

  /**
   * Does what was asked, unless something is to go wrong. For a program that has crashed nothing happens any more. `counts` says
   * whether what came of it is worth a crash.
   */
  async around<T>(
    life: Life,
    operation: Operation,
    run: () => T | Promise<T>,
    counts: (done: T) => boolean = () => true,
  ): Promise<T> {
    if (life.crashed || this.#crashes(life, { before: operation })) return never();
    if (this.#fails(operation)) throw unreachable(operation);
    const done = await run();
    return counts(done) && this.#crashes(life, { after: operation }) ? never() : done;
  }

  #fails(operation: Operation): boolean {
    const left = this.#failing.get(operation) ?? 0;
    if (left > 0) this.#failing.set(operation, left - 1);
    return left > 0 || (this.#away > 0 && !OF_STORE.includes(operation));
  }

  #crashes(life: Life, moment: Moment): boolean {
    const planned = this.#crash;
    if (planned === undefined || !isSame(planned.moment, moment)) return false;
    this.#crash = undefined;
    life.crashed = true;
    planned.happened();
    return true;
  }
}

const isSame = (one: Moment, other: Moment): boolean =>
  'before' in one
    ? 'before' in other && one.before === other.before
    : 'after' in other && one.after === other.after;

const never = (): Promise<never> => new Promise(() => undefined);

function unreachable(operation: Operation): ToolboxError {
  const store = OF_STORE.includes(operation);
  return new ToolboxError(
    store ? 'RESULT_BACKEND_UNREACHABLE' : 'BROKER_UNREACHABLE',
    `The ${store ? 'result store' : 'broker'} of the lab was told to fail at: ${operation}`,
  );
}
