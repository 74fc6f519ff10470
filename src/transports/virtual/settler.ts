import type { Clock } from '../../base/index.js';
import type { BatchedStore } from './batched-store.js';
import { leaseLost } from './failures.js';
import type { Lease, LeaseKeeper } from './lease-keeper.js';
import { Pending } from './pending.js';

/** Milliseconds for which a settlement is tried again where no lease sets the limit. */
const PATIENCE_MS = 30_000;

/** Ends leases: by removing the message, or by giving it back. */
export class Settler {
  readonly #batched: BatchedStore;
  readonly #leases: LeaseKeeper;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #pending = new Pending();

  constructor(batched: BatchedStore, leases: LeaseKeeper, clock: Clock, closing: AbortSignal) {
    this.#batched = batched;
    this.#leases = leases;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** The lease is kept until the broker knows: a refused delete is tried again while the message is still ours. */
  async remove(lease: Lease): Promise<void> {
    lease.settling = true;
    this.#refuseLost(lease);
    const { queue, receipt } = lease;
    const persistence = { until: this.#deadline(lease), signal: this.#closing };
    try {
      await this.#pending.track(this.#batched.delete(queue, receipt, persistence));
    } finally {
      void this.#leases.drop(lease);
    }
  }

  /** The lease is renewed no more before it is given back: a late renewal would hide the message again. */
  async giveBack(lease: Lease, delaySeconds: number): Promise<void> {
    lease.settling = true;
    this.#refuseLost(lease);
    await this.#pending.track(this.#release(lease, delaySeconds));
  }

  /** Gives back everything still held, as far as the broker can be reached. */
  async surrender(why: string): Promise<void> {
    const held = await this.#leases.surrender(why);
    await Promise.allSettled(held.map((lease) => this.#release(lease, 0)));
  }

  /** Resolves when the broker knows of every settlement so far, or cannot be told. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  async #release(lease: Lease, delaySeconds: number): Promise<void> {
    await this.#leases.drop(lease);
    const persistence = { until: this.#deadline(lease), signal: this.#closing };
    await this.#batched.release(lease.queue, lease.receipt, delaySeconds, persistence);
  }

  #refuseLost(lease: Lease): void {
    if (lease.lost.aborted) throw leaseLost(lease.queue, 'it was lost before it was settled');
  }

  #deadline(lease: Lease): () => number {
    const patience = this.#clock.monotonic() + PATIENCE_MS;
    return () => (Number.isFinite(lease.expiresAt) ? lease.expiresAt : patience);
  }
}
