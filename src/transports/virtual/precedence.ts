/** Lets queues be fetched in an order: each only while those before it were found empty. */
export class Precedence {
  readonly #ranks: ReadonlyMap<string, number>;
  /** Whether a queue may hold messages, by rank. */
  readonly #busy: boolean[];
  #waiting: (() => void)[] = [];

  /** `queues` are names, the first to be fetched first. */
  constructor(queues: readonly string[]) {
    this.#ranks = new Map(queues.map((queue, rank) => [queue, rank]));
    this.#busy = queues.map(() => true);
  }

  /** Resolves when all queues before this one are empty, or `signal` is aborted. */
  async turn(queue: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#busy.slice(0, this.#ranks.get(queue)).includes(true)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** What a look at a queue has shown. */
  found(queue: string, messages: boolean): void {
    const rank = this.#ranks.get(queue);
    if (rank === undefined || this.#busy[rank] === messages) return;
    this.#busy[rank] = messages;
    this.wake();
  }

  /** Whoever waits looks again. */
  wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
