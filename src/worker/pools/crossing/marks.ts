/**
 * Between threads and processes values are cloned by the engine, which keeps data, dates, big integers, maps, sets and bytes,
 * and loses classes. What it would lose travels as an object under this key, which says what it was.
 */
export const MARK = '\u0000wt';

/** What a marked object stands for. */
export type Mark =
  | 'class' // an instance of one of our value classes
  | 'buffer' // a Buffer
  | 'error' // an Error
  | 'escaped' // a plain object that has our key itself
  | 'function'
  | 'symbol'
  | 'promise'
  | 'weak'; // a WeakMap or WeakSet

export interface Marked {
  readonly [MARK]: Mark;
  /** For `class` and `error`: which one. */
  readonly is?: string;
  readonly value?: unknown;
}

export const marked = (mark: Mark, value?: unknown, is?: string): Marked => ({
  [MARK]: mark,
  value,
  ...(is && { is }),
});
