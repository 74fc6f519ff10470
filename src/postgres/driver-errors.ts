import { ToolboxError } from '../base/index.js';

/**
 * What an error of the driver means:
 * - `transient`: the same statement may succeed later, or on another connection;
 * - `data`: PostgreSQL does not take these values;
 * - `refused`: nothing will change until somebody acts.
 */
export type Verdict = 'transient' | 'data' | 'refused';

const TRANSIENT = [
  '08', // connection exceptions
  '40', // serialization failures, deadlocks
  '53', // too many connections, disk full, out of memory
  '55P03', // lock not available
  '57014', // statement timeout
  '57P', // shut down, crash, not up yet
  '58', // system errors outside PostgreSQL
];
const DATA = ['22', '23', '54'];

/** The five characters PostgreSQL answered with; undefined for errors of the connection itself. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)
    ? code
    : undefined;
}

export function verdictOf(error: unknown): Verdict {
  if (error instanceof ToolboxError) return error.code === 'ENCODE_FAILED' ? 'data' : 'refused';
  // The driver could not make a message of the values (too long a text, for one): no other connection helps.
  if (error instanceof RangeError || error instanceof TypeError) return 'data';
  const state = sqlState(error);
  if (state === undefined || TRANSIENT.some((prefix) => state.startsWith(prefix))) return 'transient';
  return DATA.some((prefix) => state.startsWith(prefix)) ? 'data' : 'refused';
}

/** True when the connection is of no use any more, or would answer the same for ever although others would not. */
export function spoilsConnection(error: unknown): boolean {
  const state = sqlState(error);
  return (state === undefined && verdictOf(error) === 'transient') || /^(08|57P|25006)/.test(state ?? '');
}
