import type { Clock, ErrorCode, Logger, ToolboxError } from '../../base/index.js';
import { asFailure, leaseLost } from './failures.js';
import type { QueueStore } from './queue-store.js';

/** Clocks of brokers and ours differ a little: no renewal reaches for the last seconds. */
const CEILING_MARGIN_S = 5;

/** Refusals after which asking again is of no use. Missing rights or a broken line may come right in time. */
const GONE: ReadonlySet<ErrorCode> = new Set(['LEASE_LOST', 'NOT_DECLARED']);

/** Our hold on one received message. Times are monotonic milliseconds. */
export class Lease {
  readonly queue: string;
  readonly receipt: string;
  readonly takenAt: number;
  readonly #lost = new AbortController();
  /** Its delivery has ended, and the broker is being told. */
  settling = false;
  renewedAt: number;
  expiresAt: number;
  /** Resolves when no renewal of it is under way. */
  renewal: Promise<unknown> = Promise.resolve();

  constructor(queue: string, receipt: string, takenAt: number, leaseSeconds: number) {
    this.queue = queue;
    this.receipt = receipt;
    this.takenAt = takenAt;
    this.renewedAt = takenAt;
    this.expiresAt = leaseSeconds > 0 ? takenAt + leaseSeconds * 1000 : Number.POSITIVE_INFINITY;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  lose(why: string): void {
    if (!this.lost.aborted) this.#lost.abort(leaseLost(this.queue, why));
  }
}

/** Renews every held message at a third of its lease, in batches, with one timer for all. */
export class LeaseKeeper {
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #held = new Set<Lease>();
  #cancel: (() => void) | undefined;

  constructor(store: QueueStore, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Takes charge of a message just received. */
  hold(queue: string, receipt: string): Lease {
    const { leaseSeconds } = this.#store.traits;
    const lease = new Lease(queue, receipt, this.#clock.monotonic(), leaseSeconds);
    this.#held.add(lease);
    if (leaseSeconds > 0) this.#cancel ??= this.#arm();
    return lease;
  }

  /** Renews it no more; resolves when no renewal is under way that could undo what comes next. */
  async drop(lease: Lease): Promise<void> {
    this.#held.delete(lease);
    await lease.renewal;
  }

  /** Ends the keeping: every message nobody settled is told that it is lost, and handed over to be given back. */
  async surrender(why: string): Promise<readonly Lease[]> {
    const held = [...this.#held].filter((lease) => !lease.settling);
    for (const lease of held) lease.lose(why);
    this.#cancel?.();
    await Promise.all(held.map((lease) => this.drop(lease)));
    return held;
  }

  #arm(): () => void {
    const tickMs = Math.min((this.#store.traits.leaseSeconds * 1000) / 12, 5000);
    return this.#clock.after(tickMs, () => {
      this.#cancel = undefined;
      this.#tick();
      if (this.#held.size > 0) this.#cancel = this.#arm();
    });
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    const third = (this.#store.traits.leaseSeconds * 1000) / 3;
    const queues = new Set<string>();
    for (const lease of this.#held) {
      if (now >= lease.expiresAt) this.#lose(lease, 'its time ran out before it could be renewed');
      else if (now - lease.renewedAt >= third) queues.add(lease.queue);
    }
    // A call goes out anyway: those that are due soon go with it, and are due together from then on.
    for (const queue of queues) {
      const due = [...this.#held].filter((one) => one.queue === queue && now - one.renewedAt >= third / 2);
      const { maxBatch } = this.#store.traits;
      for (let at = 0; at < due.length; at += maxBatch) this.#renew(queue, due.slice(at, at + maxBatch), now);
    }
  }

  #renew(queue: string, leases: readonly Lease[], now: number): void {
    const { leaseSeconds, leaseCeilingSeconds } = this.#store.traits;
    const renewable = leases.flatMap((lease) => {
      const left = leaseCeilingSeconds - CEILING_MARGIN_S - (now - lease.takenAt) / 1000;
      const seconds = Math.floor(Math.min(leaseSeconds, left));
      return seconds >= 1 && now + seconds * 1000 > lease.expiresAt ? [{ lease, seconds }] : [];
    });
    if (renewable.length === 0) return;
    // Marked at once, so that the next tick does not ask a second time for what is under way.
    const before = renewable.map(({ lease }) => lease.renewedAt);
    for (const { lease } of renewable) lease.renewedAt = now;
    const changes = renewable.map(({ lease, seconds }) => ({ receipt: lease.receipt, seconds }));
    const call = this.#store
      .extend(queue, changes)
      .catch((error: unknown) => changes.map(() => asFailure(error)))
      .then((outcomes) => {
        for (const [index, { lease, seconds }] of renewable.entries()) {
          const failure = outcomes[index];
          if (!failure) lease.expiresAt = now + seconds * 1000;
          else this.#failed(lease, failure, before[index] ?? lease.takenAt);
        }
      });
    for (const { lease } of renewable) lease.renewal = call;
  }

  #failed(lease: Lease, failure: ToolboxError, renewedAt: number): void {
    if (!this.#held.has(lease)) return;
    if (GONE.has(failure.code)) {
      this.#lose(lease, failure.message);
      return;
    }
    this.#logger.warn(
      { queue: lease.queue, error: failure.message },
      'a held message could not be renewed yet',
    );
    // Due again at the next tick, for as long as the lease lasts.
    lease.renewedAt = renewedAt;
  }

  #lose(lease: Lease, why: string): void {
    this.#held.delete(lease);
    lease.lose(why);
    this.#logger.warn({ queue: lease.queue, why }, 'lost a held message');
  }
}
