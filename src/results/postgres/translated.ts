import { messageOf, ToolboxError } from '../../base/index.js';
import { sqlState, verdictOf } from '../../postgres/index.js';

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
