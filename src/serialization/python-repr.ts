import { isSecretKey } from '../base/index.js';
import { MASK, type ReprOptions, ReprWriter } from './repr-writer.js';
import { Tuple } from './tuple.js';

export type { ReprOptions };

/**
 * A value as Python would print it, bounded (Celery's `saferepr`), for logs and monitors. Values of secret keys and
 * passwords in URLs are masked, which Python does not do. Never throws for the value's sake.
 */
export function pythonRepr(value: unknown, options: ReprOptions = {}): string {
  return new ReprWriter(options).print(value);
}

/** `argsrepr` of a message: the arguments as a tuple. `names` are those of the positions, for `mask`. */
export function argsRepr(
  args: readonly unknown[],
  options: ReprOptions & { readonly names?: readonly string[] | undefined } = {},
): string {
  const { names = [], mask = [] } = options;
  // Without names nobody can tell which argument is the secret one: all are masked then.
  const isHidden = (name: string | undefined): boolean =>
    name === undefined ? mask.length > 0 : mask.includes(name) || isSecretKey(name);
  return pythonRepr(new Tuple(args.map((arg, at) => (isHidden(names[at]) ? MASK : arg))), options);
}

/** `kwargsrepr` of a message. */
export const kwargsRepr = (kwargs: Readonly<Record<string, unknown>>, options: ReprOptions = {}): string =>
  pythonRepr(kwargs, options);
