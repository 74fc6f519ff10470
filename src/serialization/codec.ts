/** A value in bytes, with what the reader must know. */
export interface Encoded {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** `utf-8` or `binary`. */
  readonly contentEncoding: string;
}

/** Limits on what is read from outside. Defaults in parentheses. */
export interface DecodeBudget {
  /** Bytes of input, and of what comes out of its decompression (8 MiB). */
  readonly maxBytes: number;
  /** Nesting (200). */
  readonly maxDepth: number;
  /** Values in all (1 000 000). */
  readonly maxNodes: number;
}

/** The limits used where nobody sets others. */
export const DEFAULT_DECODE_BUDGET: DecodeBudget = Object.freeze({
  maxBytes: 8 * 1024 * 1024,
  maxDepth: 200,
  maxNodes: 1_000_000,
});

/** One serialization format. */
export interface Codec {
  /** The name used by `task_serializer` and `accept_content`. */
  readonly name: string;
  readonly contentType: string;
  readonly contentEncoding: 'utf-8' | 'binary';
  /** Throws ENCODE_FAILED naming the path of the value that cannot be written. */
  encode(value: unknown): Uint8Array;
  /** Throws DECODE_FAILED or BUDGET_EXCEEDED. Runs no code from the data. */
  decode(bytes: Uint8Array, budget: DecodeBudget): unknown;
}

/** A format whose code is loaded when it is first written or read. */
export interface LazyCodec extends Pick<Codec, 'name' | 'contentType'> {
  /** Rejects with DRIVER_MISSING when a package that it needs is not installed. */
  load(): Promise<Codec>;
}
