import { UNIQUE_KEY_HEADER } from '../../app/index.js';
import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type { Outcome } from '../execution/outcome.js';
import type { Run } from '../runs/run.js';

export interface UniqueRunsOptions {
  readonly coordination: () => Promise<Coordination>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whose turn it is: this run's, or that of another call, by its id. */
type Verdict = { readonly mine: true } | { readonly mine: false; readonly first: string };

/** The locks of unique tasks, from a run's admission to its end. Their token is the task's id, which retries keep. */
export class UniqueRuns {
  readonly #options: UniqueRunsOptions;
  /** What stops the renewals of each run's lock. */
  readonly #renewals = new Map<Run, () => void>();

  constructor(options: UniqueRunsOptions) {
    this.#options = options;
  }

  /** Takes the run's lock, or gives it back where it is for the time in the queue only. Rejects when it cannot be known. */
  async admit(run: Run): Promise<Verdict> {
    const rule = run.policy.unique;
    if (rule === null) return { mine: true };
    const locks = await this.#options.coordination();
    if (rule.while === 'queued') {
      await locks.release(lockOf(run), run.id);
      return { mine: true };
    }
    const answer = await locks.acquire(lockOf(run), run.id, rule.leaseMs);
    if (!answer.held) return { mine: false, first: answer.holder };
    this.#renewLater(run, rule.leaseMs);
    return { mine: true };
  }

  /** Frees or prolongs the lock as the outcome wants it. Never rejects: at the worst the lock ends with its lease. */
  async ended(run: Run, outcome: Outcome): Promise<void> {
    const rule = run.policy.unique;
    if (rule === null) return;
    this.#renewals.get(run)?.();
    this.#renewals.delete(run);
    try {
      if (isFinal(run, outcome)) {
        await (await this.#options.coordination()).release(lockOf(run), run.id);
      } else if (rule.while !== 'queued') {
        const delay = this.#delayOf(outcome);
        if (delay === undefined) return;
        await (await this.#options.coordination()).acquire(lockOf(run), run.id, rule.leaseMs + delay);
      }
    } catch (error) {
      this.#warn(run, error, 'the lock of a unique task stays until its lease ends');
    }
  }

  #renewLater(run: Run, leaseMs: number): void {
    this.#renewals.get(run)?.();
    const cancel = this.#options.clock.after(leaseMs / 3, () => {
      this.#renew(run, leaseMs).catch((error: unknown) => {
        this.#warn(run, error, 'the lock of a unique task was not renewed');
      });
      this.#renewLater(run, leaseMs);
    });
    this.#renewals.set(run, cancel);
  }

  async #renew(run: Run, leaseMs: number): Promise<void> {
    const answer = await (await this.#options.coordination()).acquire(lockOf(run), run.id, leaseMs);
    if (!answer.held) this.#warn(run, `call ${answer.holder} has it`, 'the lock of a unique task was lost');
  }

  /** Milliseconds until it comes again; undefined when that is not known. */
  #delayOf(outcome: Outcome): number | undefined {
    if (outcome.kind === 'postponed') return outcome.delaySeconds * 1000;
    if (outcome.kind !== 'retry') return undefined;
    const { countdown, eta } = outcome.plan;
    return eta === null ? (countdown ?? 0) * 1000 : Math.max(0, eta.getTime() - this.#options.clock.now());
  }

  #warn(run: Run, error: unknown, what: string): void {
    this.#options.logger.warn({ task: run.task.name, id: run.id, error: messageOf(error) }, what);
  }
}

function lockOf({ message, policy }: Run): string {
  return policy.unique?.lockOf(message, message.customHeaders[UNIQUE_KEY_HEADER]) ?? '';
}

/** True when nobody will run this call again. */
function isFinal({ policy }: Run, outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'failure':
      return outcome.timedOut !== true || policy.acksOnTimeout;
    case 'rejected':
      return !outcome.requeue;
    case 'success':
    case 'ignored':
    case 'revoked':
    case 'repeated':
      return true;
    case 'retry':
    case 'postponed':
    case 'uncounted':
    case 'crashed':
    case 'returned':
      return false;
  }
}
