import { type ReprOptions, ReprWriter } from './repr-writer.js';
import { Tuple } from './tuple.js';

export type { ReprOptions };

/**
 * A value as Python would print it, bounded (Celery's `saferepr`), for logs and monitors. Values of secret keys and
 * passwords in URLs are masked, which Python does not do. Never throws for the value's sake.
 */
export function pythonRepr(value: unknown, options: ReprOptions = {}): string {
  return new ReprWriter(options).print(value);
}

/** `argsrepr` of a message: the arguments as a tuple. */
export const argsRepr = (args: readonly unknown[], options: ReprOptions = {}): string =>
  pythonRepr(new Tuple(args), options);

/** `kwargsrepr` of a message. */
export const kwargsRepr = (kwargs: Readonly<Record<string, unknown>>, options: ReprOptions = {}): string =>
  pythonRepr(kwargs, options);
