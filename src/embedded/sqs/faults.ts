/** What a fault is decided on. */
export interface FaultPoint {
  /** The SQS action, for example `SendMessageBatch`. */
  readonly action: string;
  /** The queue's name, when the call is about one. */
  readonly queue: string | undefined;
}

/** How often a fault happens: a share from 0 to 1, or a decision for each case, given a random number source. */
export type FaultRate = number | ((point: FaultPoint, random: () => number) => boolean);

/**
 * Trouble on purpose, for tests: what a client of SQS must live with. The same seed and the same calls give the same
 * faults.
 */
export interface SqsFaults {
  /** Default 1. */
  readonly seed?: number;
  /** The call is refused with RequestThrottled and has no effect. */
  readonly throttle?: FaultRate;
  /** The call is refused with AccessDenied and has no effect. */
  readonly deny?: FaultRate;
  /** The call is refused with UnrecognizedClientException, as with keys that were revoked, and has no effect. */
  readonly refuseLogin?: FaultRate;
  /** The call is refused with OverLimit, as when too many messages are in flight, and has no effect. */
  readonly overLimit?: FaultRate;
  /** The call has its effect, and the connection is cut instead of an answer. */
  readonly dropResponse?: FaultRate;
  /** An entry of a batch is refused with InternalError and has no effect. Asked once for each entry. */
  readonly failBatchEntries?: FaultRate;
  /** A message of a standard queue is delivered and stays visible. Asked once for each message. */
  readonly duplicate?: FaultRate;
  /** A message of a standard queue is put before all that wait there. Asked once for each message sent. */
  readonly shuffle?: FaultRate;
}

export type FaultName = Exclude<keyof SqsFaults, 'seed'>;

/** Decides, case by case, whether a fault happens. */
export class FaultDial {
  readonly #faults: SqsFaults;
  readonly #random: () => number;

  constructor(faults: SqsFaults = {}) {
    this.#faults = faults;
    this.#random = seededRandom(faults.seed ?? 1);
  }

  strikes(name: FaultName, point: FaultPoint): boolean {
    const rate = this.#faults[name];
    if (rate === undefined) return false;
    return typeof rate === 'number' ? this.#random() < rate : rate(point, this.#random);
  }
}

/** Numbers in [0, 1) that follow from the seed (xorshift, 32 bits). */
function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
