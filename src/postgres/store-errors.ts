import { messageOf, ToolboxError } from '../base/index.js';
import { sqlState, verdictOf } from './driver-errors.js';

const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'check user and password of the database URL',
  '28000': 'check user and password of the database URL',
  '3D000': 'create the database, or correct its name in the URL',
  '42P01': 'create the tables with `workertoolbox migrate`',
  '3F000': 'create the tables with `workertoolbox migrate`',
  '42501': 'grant the role what it needs',
  '25006': 'the server is read-only: connect to the primary',
};

/**
 * A driver's error about a table of our own: STORE_UNREACHABLE when another try may succeed, else STORE_REFUSED with what to
 * do; `fields.data` is true when only these values are refused.
 */
export function storeError(error: unknown, shown: string, what = 'platform database'): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const state = sqlState(error);
  const fields = { url: shown, ...(state !== undefined && { sqlState: state }) };
  const told = `${what} ${shown}: ${messageOf(error)}${state === undefined ? '' : ` (${state})`}`;
  const verdict = verdictOf(error);
  if (verdict === 'transient') return new ToolboxError('STORE_UNREACHABLE', told, { cause: error, fields });
  const advice = state === undefined ? undefined : ADVICE[state];
  return new ToolboxError('STORE_REFUSED', `${told}${advice === undefined ? '' : `; ${advice}`}`, {
    cause: error,
    fields: { ...fields, data: verdict === 'data' },
  });
}
