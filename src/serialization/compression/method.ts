/** One way to compress, as kombu names it (kombu/compression.py). */
export interface Method {
  /** Value of the `compression` header. */
  readonly header: string;
  readonly names: readonly string[];
  /** Rejects with DRIVER_MISSING where this Node cannot. */
  compress(body: Uint8Array): Promise<Uint8Array>;
  /**
   * Rejects with `OutputTooLarge` as soon as there is more than `maxBytes`, with DRIVER_MISSING where this Node cannot, and
   * with anything for a broken stream.
   */
  decompress(body: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}

export class OutputTooLarge extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** Gathers output piece by piece, up to a limit. */
export class Output {
  readonly #maxBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws OutputTooLarge. */
  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.#maxBytes) throw new OutputTooLarge(this.#maxBytes);
    this.#pieces.push(piece);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}
