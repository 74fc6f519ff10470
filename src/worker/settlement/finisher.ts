import type { Signals } from '../../app/index.js';
import { type Emitter, type Logger, messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { TaskEvents } from '../events/task-events.js';
import type { Outcome } from '../execution/outcome.js';
import type { Stats } from '../execution/stats.js';
import type { Disposer } from '../intake/disposer.js';
import type { RecentAttempts } from '../intake/recent.js';
import type { Tally } from '../intake/tally.js';
import { isLost, type Run } from '../runs/run.js';
import type { RunTable } from '../runs/run-table.js';
import { type Final, settle } from './settle.js';
import type { SettleDeps } from './settle-deps.js';

export interface FinisherOptions {
  readonly deps: SettleDeps;
  readonly disposer: Disposer;
  readonly table: RunTable;
  readonly recent: RecentAttempts;
  readonly stats: Stats;
  readonly tally: Tally;
  readonly signals: Emitter<Signals>;
  readonly events: TaskEvents;
  readonly logger: Logger;
  readonly onEnded?: (run: Run, outcome: Outcome) => void;
  /** Takes up a message anew. */
  readonly again: (delivery: Delivery) => void;
}

/** Brings runs to their end: settles the outcome, disposes of the message, forgets the run. */
export class Finisher {
  readonly #options: FinisherOptions;

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  /** Never throws. */
  end(run: Run, outcome: Outcome): void {
    run.phase = 'settling';
    const settled = run.held() ? this.#settle(run, outcome) : lost;
    // Nothing to wait for (no result, nobody who listens): straight on.
    if (settled instanceof Promise) void settled.then((final) => this.#conclude(run, final));
    else this.#conclude(run, settled);
  }

  #settle(run: Run, outcome: Outcome): Final | Promise<Final> {
    const { deps } = this.#options;
    try {
      const settled = settle(run, outcome, deps);
      return settled instanceof Promise
        ? settled.catch((error: unknown) => this.#fault(run, outcome, error))
        : settled;
    } catch (error) {
      return this.#fault(run, outcome, error);
    }
  }

  async #fault(run: Run, outcome: Outcome, error: unknown): Promise<Final> {
    const { logger, signals } = this.#options;
    const { task, id } = run.message;
    logger.error({ task, id, outcome: outcome.kind, error: messageOf(error), err: error }, 'internal error');
    const traceback = error instanceof Error ? (error.stack ?? null) : null;
    await signals.send('task_internal_error', { task, id, request: run.request, error, traceback });
    // A run that cannot even be recorded as failed stays the broker's: it comes again, and its deliveries are counted.
    return outcome.kind === 'failure' ? unrecorded : this.#settle(run, { kind: 'failure', error });
  }

  #conclude(run: Run, final: Final): void {
    const { signals } = this.#options;
    const { context } = run;
    const { state, retval } = final.disposal;
    if (context === undefined || state === 'RETURNED' || !signals.has('task_postrun')) {
      return this.#dispose(run, final);
    }
    const { task, id } = run.message;
    void signals
      .send('task_postrun', { task, id, request: run.request, context, state, retval })
      .then(() => this.#dispose(run, final));
  }

  #dispose(run: Run, { outcome, disposal }: Final): void {
    const { disposer, stats, table, recent, events, onEnded } = this.#options;
    stats.ended(run, outcome.kind);
    onEnded?.(run, outcome);
    if (events.on) events.ended(run, outcome, disposal);
    // What was rejected and comes again, the broker wants to be tried again: dead letters, backoff policies.
    // So does what ended its process: the copy that takes its place is the same attempt.
    if (disposal.message === 'ack' && !isReplaced(outcome)) recent.add(run.message);
    // Out of the table first: what the broker brings from now on is a delivery of its own, not a copy of this one.
    table.remove(run);
    run.close();
    if (disposal.message === 'none') {
      this.#lost(run);
      this.#forget(run);
    } else {
      void disposer.dispose(run, disposal).then(() => this.#forget(run));
    }
  }

  #forget(run: Run): void {
    const { again, tally } = this.#options;
    for (const delivery of run.followers) again(delivery);
    tally.leave();
  }

  /** Whoever has the message now runs it. That may be us: a copy that came meanwhile is taken up. */
  #lost(run: Run): void {
    const { stats, logger } = this.#options;
    const { task, id } = run.message;
    stats.lost();
    logger.warn({ task, id }, 'the message was given to someone else: nothing is stored');
    for (const copy of [run.lease, ...run.copies()]) if (!isLost(copy)) run.follow(copy);
  }
}

const isReplaced = ({ kind }: Outcome): boolean => kind === 'crashed' || kind === 'uncounted';

const lost: Final = {
  outcome: { kind: 'returned', why: 'lost' },
  disposal: { message: 'none', state: 'RETURNED', retval: null },
};

const unrecorded: Final = {
  outcome: { kind: 'returned', why: 'unstored' },
  disposal: { message: 'release', state: 'RETURNED', retval: null, delaySeconds: 10 },
};
