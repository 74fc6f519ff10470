import { messageOf, ToolboxError } from '../../base/index.js';
import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';
import { bzip2 } from './bzip2.js';
import { type Method, OutputTooLarge } from './method.js';
import { xz } from './xz.js';
import { brotli, gzip, zstd } from './zlib-methods.js';

const METHODS: readonly Method[] = [gzip, brotli, zstd, bzip2, xz];
const DEFAULT_ACCEPT: readonly string[] = ['gzip'];

const methodOf = (name: string): Method | undefined =>
  METHODS.find(({ header, names }) => header === name || names.includes(name));

/** Throws CONFIG_INVALID for a name kombu does not know. */
function named(name: string): Method {
  const method = methodOf(name);
  if (method) return method;
  const known = METHODS.flatMap(({ names }) => names).join(', ');
  throw new ToolboxError('CONFIG_INVALID', `Compression ${name} is unknown; use one of ${known}`, {
    fields: { compression: name },
  });
}

/** The `compression` header for a name of `task_compression`. Throws CONFIG_INVALID for a name kombu does not know. */
export const compressionHeader = (name: string): string => named(name).header;

/** Throws CONFIG_INVALID, or DRIVER_MISSING for what this Node cannot do. */
export const compress = async (body: Uint8Array, name: string): Promise<Uint8Array> =>
  named(name).compress(body);

export interface DecompressOptions {
  /** `maxBytes` limits what comes out. */
  readonly budget: DecodeBudget;
  /** `accept_compression`: names or header values. Default `['gzip']`. */
  readonly accept?: readonly string[] | undefined;
}

/**
 * Undoes the compression that a message's header names, never giving more than the budget. Rejects with
 * CONTENT_DISALLOWED, DECODE_FAILED, BUDGET_EXCEEDED, or DRIVER_MISSING for what this Node cannot do.
 */
export async function decompress(
  body: Uint8Array,
  name: string,
  { budget, accept = DEFAULT_ACCEPT }: DecompressOptions,
): Promise<Uint8Array> {
  const method = methodOf(name);
  if (!method || !accept.some((entry) => methodOf(entry) === method)) throw refused(name, method, accept);
  try {
    return await method.decompress(body, budget.maxBytes);
  } catch (error) {
    if (error instanceof ToolboxError) throw error;
    if (error instanceof OutputTooLarge)
      throw overBudget(method.header, 'maxBytes', { ...budget, maxBytes: error.maxBytes });
    throw decodeFailed(method.header, messageOf(error), error);
  }
}

function refused(name: string, method: Method | undefined, accept: readonly string[]): ToolboxError {
  const shown = method?.header ?? name.slice(0, 64);
  const remedy = method ? `; add ${method.names[0]} to accept_compression if it is expected` : '';
  return new ToolboxError(
    'CONTENT_DISALLOWED',
    `Refusing to decompress ${method ? 'untrusted' : 'unknown'} compression ${shown}${remedy}`,
    { fields: { compression: shown, accept: [...accept] } },
  );
}
