import { type ErrorCode, messageOf, ToolboxError } from '../base/index.js';

/** Ends a command with exit code 1 when everything worth saying has been printed. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Exit codes: 1 the work failed, 2 the call or the configuration is wrong. */
const USAGE: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'APP_NOT_FOUND',
  'DRIVER_MISSING',
  'TASK_ARGUMENTS',
]);

export const exitCodeFor = (error: unknown): number =>
  error instanceof ToolboxError && USAGE.has(error.code) ? 2 : 1;

/** One line for people; a list of configuration problems keeps its lines. */
export const lineFor = (error: unknown): string => {
  const text = messageOf(error);
  return error instanceof ToolboxError && error.code === 'CONFIG_INVALID'
    ? text
    : (text.split('\n', 1)[0] ?? text);
};
