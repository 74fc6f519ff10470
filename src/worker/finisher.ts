import type { Signals } from '../app/index.js';
import { type Emitter, type Logger, messageOf } from '../base/index.js';
import type { Delivery } from '../messaging/index.js';
import type { Disposer } from './disposer.js';
import type { Disposal, Outcome } from './outcome.js';
import type { RecentAttempts } from './recent.js';
import type { Run } from './run.js';
import type { RunContext } from './run-context.js';
import type { RunTable } from './run-table.js';
import { settle } from './settle.js';
import type { SettleDeps } from './settle-deps.js';
import type { Stats } from './stats.js';
import type { Tally } from './tally.js';

export interface FinisherOptions {
  readonly deps: SettleDeps;
  readonly disposer: Disposer;
  readonly table: RunTable;
  readonly recent: RecentAttempts;
  readonly stats: Stats;
  readonly tally: Tally;
  readonly signals: Emitter<Signals>;
  readonly logger: Logger;
  /** Takes up a message anew. */
  readonly again: (delivery: Delivery) => void;
}

/** Brings runs to their end: settles the outcome, disposes of the message, forgets the run. */
export class Finisher {
  readonly #options: FinisherOptions;

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  /** Never rejects. `context` is there when the task's code has run. */
  async end(run: Run, outcome: Outcome, context?: RunContext): Promise<void> {
    const { disposer, stats, table, tally, recent, again } = this.#options;
    run.phase = 'settling';
    const final = await this.#settle(run, outcome);
    if (context !== undefined) await this.#postrun(run, context, final.disposal);
    stats.ended(final.outcome.kind);
    const done = final.disposal.message === 'ack' || final.disposal.message === 'reject';
    if (done) recent.add(run.message);
    // Out of the table first: what the broker brings from now on is a delivery of its own, not a copy of this one.
    table.remove(run);
    run.close();
    if (final.outcome.kind === 'returned' && final.outcome.why === 'lost') this.#lost(run);
    else await disposer.dispose(run, final.disposal);
    for (const delivery of run.followers) again(delivery);
    tally.leave();
  }

  async #settle(
    run: Run,
    outcome: Outcome,
  ): Promise<{ readonly outcome: Outcome; readonly disposal: Disposal }> {
    const { deps, logger, signals } = this.#options;
    if (!run.held()) return lost;
    try {
      return await settle(run, outcome, deps);
    } catch (error) {
      const { task, id } = run.message;
      logger.error(
        { task, id, outcome: outcome.kind, error: messageOf(error), err: error },
        'internal error',
      );
      const traceback = error instanceof Error ? (error.stack ?? null) : null;
      await signals.send('task_internal_error', { task, id, request: run.request, error, traceback });
      // A run that cannot even be recorded as failed stays the broker's: it comes again, and its deliveries are counted.
      if (outcome.kind === 'failure') return unrecorded;
      return this.#settle(run, { kind: 'failure', error });
    }
  }

  async #postrun(run: Run, context: RunContext, { state, retval }: Disposal): Promise<void> {
    const { signals } = this.#options;
    if (!signals.has('task_postrun') || state === 'RETURNED') return;
    const { task, id } = run.message;
    await signals.send('task_postrun', { task, id, request: run.request, context, state, retval });
  }

  /** Whoever has the message now runs it. That may be us: a copy that came meanwhile is taken up. */
  #lost(run: Run): void {
    const { stats, logger } = this.#options;
    const { task, id } = run.message;
    stats.lost();
    logger.warn({ task, id }, 'the message was given to someone else: nothing is stored');
    for (const copy of run.deliveries()) if (!copy.lost.aborted) run.follow(copy);
  }
}

const lost = {
  outcome: { kind: 'returned', why: 'lost' },
  disposal: { message: 'none', state: 'RETURNED', retval: null },
} as const;

const unrecorded = {
  outcome: { kind: 'returned', why: 'unstored' },
  disposal: { message: 'release', state: 'RETURNED', retval: null, delaySeconds: 10 },
} as const;
