import { messageOf, ToolboxError } from '../../base/index.js';

const TRANSIENT = /^(08|40|53|55P03|57014|57P|58)/;
const DATA = /^(22|23|54)/;
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
 * A driver's error as this floor tells it: STORE_UNREACHABLE when another try may succeed, else STORE_REFUSED with what to
 * do; `fields.data` is true when only these values are refused.
 */
export function storeError(error: unknown, shown: string): ToolboxError {
  const code = (error as { code?: unknown } | null)?.code;
  const state =
    typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined;
  if (state === undefined || TRANSIENT.test(state)) {
    return new ToolboxError('STORE_UNREACHABLE', `platform database ${shown}: ${messageOf(error)}`, {
      cause: error,
      fields: { url: shown, ...(state && { sqlState: state }) },
    });
  }
  const advice = ADVICE[state];
  return new ToolboxError(
    'STORE_REFUSED',
    `platform database ${shown}: ${messageOf(error)} (${state})${advice === undefined ? '' : `; ${advice}`}`,
    { cause: error, fields: { url: shown, sqlState: state, data: DATA.test(state) } },
  );
}
