import { createHash } from 'node:crypto';

/** Arguments of a call as they were given. */
export interface UniqueCall {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** What makes two calls of a task the same, and what becomes of the second. */
export interface UniqueOptions {
  /** Calls with the same text are the same. Default: those with the same arguments. */
  readonly key?: (call: UniqueCall) => string;
  /**
   * `queued`: from the call until a worker takes it up; `running`: while it runs, and another waits until it has ended;
   * `queued-or-running` (default): from the call until it has ended, retries included.
   */
  readonly while?: 'queued' | 'running' | 'queued-or-running';
  /**
   * Seconds, beyond the call's own delay, after which a call counts as lost that no worker is heard of. Longer than it may
   * wait in its queue. Default 3600.
   */
  readonly leaseSeconds?: number;
  /** A second call resolves with the result of the first (default), or rejects with DUPLICATE_CALL. */
  readonly onDuplicate?: 'return-first' | 'reject';
}

/** `UniqueOptions` with every default filled in. */
export interface UniqueRule extends Required<Omit<UniqueOptions, 'key' | 'leaseSeconds'>> {
  readonly leaseMs: number;
  /** The name of a call's lock. */
  lockOf(call: UniqueCall, key?: unknown): string;
  /** What makes the call the same as another; it travels as the header `unique_key`. */
  keyOf(call: UniqueCall): string;
}

/** The header by which a worker knows the key that the sender worked out. Python's senders send none. */
export const UNIQUE_KEY_HEADER = 'unique_key';

/** Longer ones are kept as digests. */
const MAX_KEY = 200;

/** What of a task says how unique it is. */
interface MaybeUnique {
  readonly name: string;
  readonly options: {
    readonly unique?: boolean | UniqueOptions;
    readonly argNames?: readonly string[];
  };
}

/** Null for tasks that are not unique. */
export function uniqueRule({ name, options }: MaybeUnique): UniqueRule | null {
  const { unique, argNames = [] } = options;
  if (unique === undefined || unique === false) return null;
  const given: UniqueOptions = unique === true ? {} : unique;
  const { key } = given;
  const keyOf = (call: UniqueCall): string => {
    if (key === undefined) return digest(canonical(named(call, argNames)));
    const text = key(call);
    return text.length > MAX_KEY ? digest(text) : text;
  };
  return {
    while: given.while ?? 'queued-or-running',
    onDuplicate: given.onDuplicate ?? 'return-first',
    leaseMs: (given.leaseSeconds ?? 3600) * 1000,
    keyOf,
    lockOf: (call, known) => `unique:${name}:${typeof known === 'string' ? known : keyOf(call)}`,
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Positions that have a name count as keywords: both ways of calling are the same. */
function named({ args, kwargs }: UniqueCall, names: readonly string[]): unknown {
  const byName = args.slice(0, names.length).map((value, at) => [names[at], value] as const);
  return [args.slice(names.length), { ...Object.fromEntries(byName), ...kwargs }];
}

/** JSON with the keys of objects in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}`;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
