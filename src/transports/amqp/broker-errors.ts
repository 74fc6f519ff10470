import { type ErrorCode, messageOf, ToolboxError } from '../../base/index.js';

/** The broker's reply code (404, 406, ...) in an error of the client; undefined when the connection itself failed. */
export function replyCode(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** The broker's own words in an error of the client. */
export function brokerText(error: unknown): string {
  const text = messageOf(error);
  return /with message "(.*)"$/s.exec(text)?.[1] ?? text;
}

/** The error of an operation on a channel, as ours. `what` says what was being done, and to which queue. */
export function operationError(
  error: unknown,
  what: string,
  fields: Record<string, unknown> = {},
): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const code = replyCode(error);
  const text = brokerText(error);
  const ours = code === undefined ? 'BROKER_UNREACHABLE' : codeFor(code, text);
  return new ToolboxError(ours, `${what}: ${text}${advice(code, text)}`, {
    cause: error,
    fields: { ...fields, ...(code === undefined ? {} : { replyCode: code }) },
  });
}

function codeFor(code: number, text: string): ErrorCode {
  if (code === 404) return 'NOT_DECLARED';
  return text.includes('larger than') ? 'BUDGET_EXCEEDED' : 'BROKER_REFUSED';
}

function advice(code: number | undefined, text: string): string {
  if (text.includes('inequivalent arg'))
    return '; declare it as it stands on the broker, or delete it there first';
  if (code === 403) return '; grant the user this right on the virtual host';
  return '';
}

/** The error of a failed connection attempt, as ours: refused when the broker answered, else unreachable. */
export function connectError(error: unknown, shown: string, vhost: string): ToolboxError {
  if (error instanceof ToolboxError) return error;
  const text = messageOf(error);
  // The handshake's refusals come without a reply code; the virtual host's even without the broker's words.
  const why = text.startsWith('Expected ConnectionOpenOk')
    ? `virtual host ${vhost} does not exist or the user may not use it`
    : text.startsWith('Handshake terminated by server')
      ? brokerText(error)
      : undefined;
  const refused = why !== undefined;
  return new ToolboxError(
    refused ? 'BROKER_REFUSED' : 'BROKER_UNREACHABLE',
    refused
      ? `the broker at ${shown} refuses the connection: ${why}`
      : `cannot reach the broker at ${shown}: ${text}`,
    { cause: error, fields: { url: shown } },
  );
}
