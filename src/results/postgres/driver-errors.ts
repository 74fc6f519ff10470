import { messageOf, ToolboxError } from '../../base/index.js';

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

const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'check user and password in result_backend',
  '28000': 'check user and password in result_backend, and the pg_hba.conf of the server',
  '3D000': 'create the database, or correct its name in result_backend',
  '3F000': 'create the schema, or correct database_table_schemas',
  '42P01':
    'create the result tables (workertoolbox migrate), or correct database_table_schemas and database_table_names',
  '42501': 'grant the role what it needs (workertoolbox grant-worker --print-sql prints the statements)',
  '42P10': 'the table needs a unique constraint on its id column, as Celery and Django make it',
  '25006': 'the server is read-only: connect to the primary, or end its read-only mode',
};

/** The error as the floors above see it. `what` says what was tried: `store the result of task X`. */
export function translated(error: unknown, what: string, shown: string): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const state = sqlState(error);
  const fields = { url: shown, ...(state !== undefined && { sqlState: state }) };
  const told = `${messageOf(error)}${state === undefined ? '' : ` (${state})`}`;
  switch (verdictOf(error)) {
    case 'transient':
      return new ToolboxError('RESULT_BACKEND_UNREACHABLE', `Cannot ${what} in ${shown}: ${told}`, {
        cause: error,
        fields,
      });
    case 'data':
      return new ToolboxError('ENCODE_FAILED', `Cannot ${what}: the database does not take it: ${told}`, {
        cause: error,
        fields,
      });
    default: {
      const advice = (state && ADVICE[state]) ?? 'see the message of the server';
      return new ToolboxError(
        'RESULT_BACKEND_REFUSED',
        `${shown} refused to ${what}: ${told}. What to do: ${advice}`,
        { cause: error, fields },
      );
    }
  }
}
