/** Leases held at a time that the table has room for; further ones are renewed by the event loop alone. */
const SLOTS = 4096;
/** Milliseconds, of the process: the same in all its threads. */
export const processMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Places among the times: the event loop's last sign of life, 0 while nothing is held; and the shortest lease. */
export const BEAT = 0;
export const SHORTEST = 1;
/** Of the first lease. */
const FIRST = 2;
const RENEWING = 0;

/** Parts of the shared memory, which whoever else maps it must lay out alike. */
export interface SharedLeases {
  readonly memory: SharedArrayBuffer;
  /** Bytes of the longest receipt. */
  readonly receiptBytes: number;
}

/**
 * The leases of a process in memory that its threads share. The event loop writes a receipt when a message is taken, and its own
 * sign of life now and then; another thread reads both, and writes until when it has renewed a lease. Nothing is sent, so a
 * message costs a copy of its receipt.
 */
export class LeaseTable {
  readonly shared: SharedLeases;
  readonly #times: Float64Array;
  readonly #states: Int32Array;
  readonly #texts: Buffer;
  readonly #free: number[] = [];
  #count = 0;

  /** With `shared` it maps the memory of another; without, it makes its own. */
  constructor(receiptBytes: number, shared?: SharedLeases) {
    const bytes = 8 * (FIRST + SLOTS) + 4 * (1 + 2 * SLOTS) + 4 + SLOTS * receiptBytes;
    this.shared = shared ?? { memory: new SharedArrayBuffer(bytes), receiptBytes };
    const { memory } = this.shared;
    this.#times = new Float64Array(memory, 0, FIRST + SLOTS);
    this.#states = new Int32Array(memory, this.#times.byteLength, 1 + 2 * SLOTS);
    this.#texts = Buffer.from(memory, this.#times.byteLength + this.#states.byteLength, SLOTS * receiptBytes);
    if (shared === undefined) for (let slot = SLOTS - 1; slot >= 0; slot -= 1) this.#free.push(slot);
  }

  /** The event loop lives. */
  beat(): void {
    if (this.#count > 0) this.#times[BEAT] = processMs();
  }

  /** Milliseconds since it last said so; none while nothing is held. */
  get silentMs(): number {
    const beat = this.#times[BEAT] ?? 0;
    return beat === 0 ? 0 : processMs() - beat;
  }

  /** Puts a lease of that length down. -1 when there is no room. */
  add(queue: number, receipt: string, leaseMs: number): number {
    const { receiptBytes } = this.shared;
    if (receipt.length > receiptBytes) return -1;
    const slot = this.#free.pop() ?? -1;
    if (slot < 0) return -1;
    this.#texts.write(receipt, slot * receiptBytes, 'latin1');
    this.#times[FIRST + slot] = 0;
    this.#states[1 + 2 * slot + 1] = receipt.length;
    const shortest = this.#times[SHORTEST] ?? 0;
    if (shortest === 0 || leaseMs < shortest) this.#times[SHORTEST] = leaseMs;
    this.#count += 1;
    if (this.#count === 1) this.beat();
    // Last: whoever reads it finds the rest.
    Atomics.store(this.#states, 1 + 2 * slot, queue + 1);
    return slot;
  }

  remove(slot: number): void {
    if (slot < 0) return;
    Atomics.store(this.#states, 1 + 2 * slot, 0);
    this.#free.push(slot);
    this.#count -= 1;
    if (this.#count === 0) this.#times[BEAT] = 0;
  }

  /** Until when another thread has renewed it, in `processMs`; 0 when it never did, `-1` when the broker says that it is gone. */
  keptUntil(slot: number): number {
    return slot < 0 ? 0 : (this.#times[FIRST + slot] ?? 0);
  }

  setKeptUntil(slot: number, until: number): void {
    this.#times[FIRST + slot] = until;
  }

  /** What is held, as another thread sees it. */
  *held(): Generator<{ readonly slot: number; readonly queue: number; readonly receipt: string }> {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const queue = Atomics.load(this.#states, 1 + 2 * slot) - 1;
      if (queue >= 0) yield { slot, queue, receipt: this.#receiptOf(slot) };
    }
  }

  /** Whether that lease is still the one in the slot. */
  holds(slot: number, receipt: string): boolean {
    return Atomics.load(this.#states, 1 + 2 * slot) > 0 && this.#receiptOf(slot) === receipt;
  }

  #receiptOf(slot: number): string {
    const start = slot * this.shared.receiptBytes;
    return this.#texts.toString('latin1', start, start + (this.#states[1 + 2 * slot + 1] ?? 0));
  }

  /** True while the other thread asks the broker. */
  get renewing(): boolean {
    return Atomics.load(this.#states, RENEWING) === 1;
  }

  set renewing(now: boolean) {
    Atomics.store(this.#states, RENEWING, now ? 1 : 0);
  }
}
