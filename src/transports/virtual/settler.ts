import type { Clock, ToolboxError } from '../../base/index.js';
import type { BatchedStore, Persistence } from './batched-store.js';
import { isGone, leaseLost } from './failures.js';
import { CEILING_MARGIN_S, type Lease, type LeaseKeeper } from './lease-keeper.js';
import { Pending } from './pending.js';
import type { QueueStore, RefusedMessage, StoredMessage, StoreMessage } from './queue-store.js';
import { sendOrDiscard } from './stowage.js';

/** Milliseconds for which a settlement is tried again where no lease sets the limit. */
const PATIENCE_MS = 30_000;

/** Ends leases: by removing the message, or by giving it back. */
export class Settler {
  readonly #store: QueueStore;
  readonly #batched: BatchedStore;
  readonly #leases: LeaseKeeper;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #pending = new Pending();

  constructor(parts: {
    readonly store: QueueStore;
    readonly batched: BatchedStore;
    readonly leases: LeaseKeeper;
    readonly clock: Clock;
    readonly closing: AbortSignal;
  }) {
    const { store, batched, leases, clock, closing } = parts;
    this.#store = store;
    this.#batched = batched;
    this.#leases = leases;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** The lease is kept until the broker knows: a refused delete is tried again while the message is still ours. */
  async remove(lease: Lease): Promise<void> {
    lease.settling = true;
    this.#refuseLost(lease);
    await this.#pending.track(this.#delete(lease));
  }

  /** Where the queue would not deliver it any more after that delay, a copy is sent in its place. */
  async giveBack(lease: Lease, message: StoredMessage, delaySeconds: number): Promise<void> {
    lease.settling = true;
    this.#refuseLost(lease);
    const copy = this.#store.replacement?.(lease.queue, message, delaySeconds);
    await this.#pending.track(copy ? this.#replace(lease, copy) : this.#release(lease, delaySeconds));
  }

  /** The queue's own rule says what becomes of it. */
  async refuse(lease: Lease, message: RefusedMessage): Promise<void> {
    lease.settling = true;
    this.#refuseLost(lease);
    await this.#pending.track(this.#afterRefusal(lease, message));
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

  async #afterRefusal(lease: Lease, message: RefusedMessage): Promise<void> {
    const aftermath = await this.#store.refused?.(lease.queue, message);
    if (aftermath === 'leave') return this.#leases.drop(lease);
    if (aftermath === 'remove' || (aftermath === undefined && !message.requeue)) return this.#delete(lease);
    await this.#release(lease, aftermath?.againIn ?? 0);
  }

  async #delete(lease: Lease): Promise<void> {
    try {
      await this.#batched.delete(lease.queue, lease.receipt, this.#persistence(lease));
    } finally {
      void this.#leases.drop(lease);
    }
  }

  /** The lease is renewed no more before it is given back: a late renewal would hide the message again. */
  async #release(lease: Lease, delaySeconds: number): Promise<void> {
    await this.#leases.drop(lease);
    const { leaseCeilingSeconds } = this.#store.traits;
    const left = leaseCeilingSeconds - CEILING_MARGIN_S - (this.#clock.monotonic() - lease.takenAt) / 1000;
    const seconds = Math.max(0, Math.min(delaySeconds, left));
    await this.#batched.release(lease.queue, lease.receipt, seconds, this.#persistence(lease));
  }

  /** The copy first: whatever goes wrong in between, the message is there twice and not gone. */
  async #replace(lease: Lease, copy: StoreMessage): Promise<void> {
    const { queue } = lease;
    const { message, discard } = (await this.#store.stow?.(queue, copy)) ?? { message: copy };
    await sendOrDiscard(() => this.#batched.send(queue, message, this.#persistence(lease)), discard);
    await this.#delete(lease);
  }

  /** Missing rights may come right in time: only what is certain ends the trying. */
  #persistence(lease: Lease): Persistence {
    const mayHelp = (failure: ToolboxError): boolean => !isGone(failure);
    return { until: this.#deadline(lease), signal: this.#closing, mayHelp };
  }

  #refuseLost(lease: Lease): void {
    if (lease.isLost) throw leaseLost(lease.queue, 'it was lost before it was settled');
  }

  #deadline(lease: Lease): () => number {
    const patience = this.#clock.monotonic() + PATIENCE_MS;
    return () => (Number.isFinite(lease.expiresAt) ? lease.expiresAt : patience);
  }
}
