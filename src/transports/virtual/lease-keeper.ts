import type { Clock, Logger, ToolboxError } from '../../base/index.js';
import { asFailure, isGone, leaseLost } from './failures.js';
import type { LeaseGuard } from './lease-guard/index.js';
import type { QueueStore } from './queue-store.js';

/** Clocks of brokers and ours differ a little: no renewal reaches for the last seconds. */
export const CEILING_MARGIN_S = 5;
/** Long leases too are looked at this often, so that a refused renewal is soon asked for again. */
const MAX_TICK_MS = 5000;
/** Milliseconds by which a look is late when the event loop was blocked. */
const LATE_MS = 50;

/** Our hold on one received message. Times are monotonic milliseconds. */
export class Lease {
  readonly queue: string;
  readonly receipt: string;
  readonly takenAt: number;
  #lost: AbortController | undefined;
  #lostReason: ToolboxError | undefined;
  /** Its delivery has ended, and the broker is being told. */
  settling = false;
  renewedAt: number;
  expiresAt: number;
  /** Seconds it lasts from each renewal on. */
  readonly seconds: number;
  /** Its place with the guard. */
  guarded = -1;
  /** Resolves when no renewal of it is under way. */
  renewal: Promise<unknown> = Promise.resolve();

  /** `seconds` is `Infinity` for a message held until it is settled. */
  constructor(queue: string, receipt: string, takenAt: number, seconds: number) {
    this.queue = queue;
    this.receipt = receipt;
    this.takenAt = takenAt;
    this.renewedAt = takenAt;
    this.seconds = seconds;
    this.expiresAt = takenAt + seconds * 1000;
  }

  /** Made when first asked for: few tasks listen. */
  get lost(): AbortSignal {
    if (this.#lost === undefined) {
      this.#lost = new AbortController();
      if (this.#lostReason !== undefined) this.#lost.abort(this.#lostReason);
    }
    return this.#lost.signal;
  }

  get isLost(): boolean {
    return this.#lostReason !== undefined;
  }

  lose(why: string): void {
    if (this.#lostReason !== undefined) return;
    this.#lostReason = leaseLost(this.queue, why);
    this.#lost?.abort(this.#lostReason);
  }
}

/** Renews every held message at a third of its lease, in batches, with one timer for all. */
export class LeaseKeeper {
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #held = new Set<Lease>();
  #guard: LeaseGuard | undefined;
  #nextTick = 0;
  #cancel: (() => void) | undefined;

  constructor(store: QueueStore, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** From now on a thread renews what is held whenever the event loop does not answer. */
  guardWith(guard: LeaseGuard): void {
    this.#guard = guard;
  }

  /** Takes charge of a message just received, or of one that the broker may have given us a while ago. */
  hold(queue: string, receipt: string, takenAt = this.#clock.monotonic()): Lease {
    const { leased } = this.#store.traits;
    const seconds = leased ? this.#store.leaseOf(queue) : Number.POSITIVE_INFINITY;
    const lease = new Lease(queue, receipt, takenAt, seconds);
    this.#held.add(lease);
    if (leased) {
      if (this.#guard !== undefined) lease.guarded = this.#guard.hold(queue, receipt, seconds);
      this.#arm(seconds);
    }
    return lease;
  }

  /** Guards deliveries that may be on their way, unread while the loop is blocked. Ends with the function it gives. */
  expect(queue: string, receipts: readonly string[]): () => void {
    const guard = this.#guard;
    if (guard === undefined) return () => {};
    const seconds = this.#store.leaseOf(queue);
    const slots = receipts.map((receipt) => guard.hold(queue, receipt, seconds));
    // Not before those that came are held.
    return () => void setImmediate(() => slots.forEach((slot) => guard.release(slot)));
  }

  /** True when it is old enough to have been renewed, had anybody read it before. */
  isStale(lease: Lease): boolean {
    return this.#ageOf(lease) >= 1 / 3;
  }

  /** Renews messages of a queue now. Those that are not ours any more are lost when it resolves. */
  async confirm(queue: string, leases: readonly Lease[]): Promise<void> {
    const now = this.#clock.monotonic();
    const { maxBatch } = this.#store.traits;
    for (const lease of leases) if (now >= lease.expiresAt) this.#lose(lease, 'it was read too late');
    const left = leases.filter((lease) => !lease.isLost);
    for (let at = 0; at < left.length; at += maxBatch) this.#renew(queue, left.slice(at, at + maxBatch), now);
    await Promise.all(left.map((lease) => lease.renewal));
    // Not renewed for another reason: a task must not begin with what is about to end.
    for (const lease of left)
      if (this.isStale(lease)) this.#lose(lease, 'it was read late and could not be renewed');
  }

  /** Whether `expect` is of any use. */
  get isGuarded(): boolean {
    return this.#guard !== undefined;
  }

  /** Renews it no more; resolves when no renewal is under way that could undo what comes next. */
  async drop(lease: Lease): Promise<void> {
    this.#forget(lease);
    await lease.renewal;
    await this.#guard?.quiet();
  }

  /** Ends the keeping: every message nobody settled is told that it is lost, and handed over to be given back. */
  async surrender(why: string): Promise<readonly Lease[]> {
    const held = [...this.#held].filter((lease) => !lease.settling);
    for (const lease of held) lease.lose(why);
    this.#cancel?.();
    await Promise.all(held.map((lease) => this.drop(lease)));
    return held;
  }

  /** One timer for all, at a twelfth of the shortest lease held. */
  #arm(seconds: number): void {
    const tickMs = Math.min((seconds * 1000) / 12, MAX_TICK_MS);
    const at = this.#clock.monotonic() + tickMs;
    if (this.#cancel && this.#nextTick <= at) return;
    this.#cancel?.();
    this.#guard?.beat();
    this.#nextTick = at;
    this.#cancel = this.#clock.after(tickMs, () => {
      this.#cancel = undefined;
      this.#tick();
      let shortest = Number.POSITIVE_INFINITY;
      for (const lease of this.#held) shortest = Math.min(shortest, lease.seconds);
      if (this.#held.size > 0) this.#arm(shortest);
    });
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    if (this.#guard !== undefined && now - this.#nextTick > LATE_MS) this.#learn(this.#guard);
    const queues = new Set<string>();
    for (const lease of this.#held) {
      if (now >= lease.expiresAt) this.#lose(lease, 'its time ran out before it could be renewed');
      else if (this.#ageOf(lease, now) >= 1 / 3) queues.add(lease.queue);
    }
    // A call goes out anyway: those that are due soon go with it, and are due together from then on.
    const { maxBatch } = this.#store.traits;
    for (const queue of queues) {
      const due = [...this.#held].filter(
        (lease) => lease.queue === queue && this.#ageOf(lease, now) >= 1 / 6,
      );
      for (let at = 0; at < due.length; at += maxBatch) this.#renew(queue, due.slice(at, at + maxBatch), now);
    }
  }

  /** Parts of its time that have passed since it was renewed. */
  #ageOf({ renewedAt, seconds }: Lease, now = this.#clock.monotonic()): number {
    return (now - renewedAt) / (seconds * 1000);
  }

  #renew(queue: string, leases: readonly Lease[], now: number): void {
    const { leaseCeilingSeconds } = this.#store.traits;
    const renewable = leases.flatMap((lease) => {
      const left = leaseCeilingSeconds - CEILING_MARGIN_S - (now - lease.takenAt) / 1000;
      const seconds = Math.floor(Math.min(lease.seconds, left));
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
    if (isGone(failure)) {
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

  /** The loop was away: what its guard has renewed meanwhile is still ours. */
  #learn(guard: LeaseGuard): void {
    for (const lease of this.#held) {
      const until = guard.keptUntil(lease.guarded);
      if (until === 'gone')
        this.#lose(lease, 'it was given to someone else while the event loop was blocked');
      else if (until !== undefined && until > lease.expiresAt) {
        lease.expiresAt = until;
        lease.renewedAt = until - lease.seconds * 1000;
      }
    }
  }

  #forget(lease: Lease): void {
    if (this.#held.delete(lease)) this.#guard?.release(lease.guarded);
  }

  #lose(lease: Lease, why: string): void {
    this.#forget(lease);
    lease.lose(why);
    this.#logger.warn({ queue: lease.queue, why }, 'lost a held message');
  }
}
