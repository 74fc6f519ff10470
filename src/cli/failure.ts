import { constants } from 'node:os';
import { type ErrorCode, messageOf, ToolboxError } from '../base/index.js';
import { printable } from './output.js';

/** Ends a command with exit code 1 when everything worth saying has been printed. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** No worker answered: the exit code is that of an unavailable service, as Celery's. */
export class NobodyReplied extends Error {
  override readonly name = 'NobodyReplied';

  constructor() {
    super('No nodes replied within time constraint');
  }
}

/** EX_UNAVAILABLE. */
const UNAVAILABLE = 69;

/** Ends a command that a signal cut off. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

/** The call or the configuration is at fault: trying again does not help. */
const USAGE: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'APP_NOT_FOUND',
  'DRIVER_MISSING',
  'TASK_ARGUMENTS',
  'UNROUTABLE',
  'RESULT_DISABLED',
]);

export function exitCodeFor(error: unknown): number {
  if (error instanceof Interrupted) return 128 + constants.signals[error.signal];
  if (error instanceof NobodyReplied) return UNAVAILABLE;
  return error instanceof ToolboxError && USAGE.has(error.code) ? 2 : 1;
}

/**
 * What is said of an error: one line, a line more for each further thing wrong with the settings, passwords masked.
 * Undefined when all is said.
 */
export function lineFor(error: unknown): string | undefined {
  if (error instanceof CommandFailed) return undefined;
  const several = error instanceof ToolboxError && Array.isArray(error.fields.problems);
  const text = several ? error.message : messageOf(error);
  return text.split('\n').map(printable).join('\n');
}

/** A complaint of the argument parser in our form: one line. */
export const usageLine = (text: string): string =>
  printable(
    text
      .replace(/^error: /, '')
      .trim()
      .replace(/\s*\n\s*/g, ' '),
  );
