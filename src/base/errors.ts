import { inspect } from 'node:util';

/**
 * The root of every error this package throws on purpose.
 *
 * `code` is stable: programs and tests match it, never the message. The message says which key, queue or
 * task is concerned, what was expected and what to do. `fields` carries the same facts as data.
 */
export class ToolboxError extends Error {
  override readonly name: string = 'ToolboxError';
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ToolboxErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = Object.freeze({ ...options.fields });
  }
}

export interface ToolboxErrorOptions {
  readonly cause?: unknown;
  readonly fields?: Record<string, unknown>;
}

/** Every code this package uses. One list serves the type, the catalogue page and its test. */
export const ERROR_CODES = [
  'CONFIG_INVALID', // a setting, environment variable or option cannot be read or is out of range
  'APP_NOT_FOUND', // `-A` names a module that does not exist or exports no app
  'DRIVER_MISSING', // an optional package (AWS SDK, AMQP client, ...) is not installed
  'BROKER_UNREACHABLE', // the broker cannot be reached or refuses the login
  'BROKER_REFUSED', // the broker answered, and said no (rights, arguments, size)
  'UNROUTABLE', // no queue would take the message
  'NOT_DECLARED', // a queue or exchange does not exist and may not be created
  'LEASE_LOST', // the broker gave the message to someone else
  'MESSAGE_INVALID', // a message from the wire is not a task message
  'CONTENT_DISALLOWED', // content type not in accept_content
  'SIGNATURE_INVALID', // a signed or encrypted body is not what its sender made, or the sender is not known
  'DECODE_FAILED', // bytes do not decode as their content type says
  'ENCODE_FAILED', // a value cannot be written in the chosen format
  'BUDGET_EXCEEDED', // input too large, too deep or too many nodes
  'TASK_UNKNOWN', // no task of that name is registered
  'TASK_ARGUMENTS', // arguments do not fit the task
  'DUPLICATE_CALL', // an equal call of a unique task is not done yet
  'TASK_DUPLICATE', // a task of that name is already registered
  'RESULT_BACKEND_UNREACHABLE', // the result store cannot be reached or refuses the login
  'RESULT_BACKEND_REFUSED', // the result store answered, and said no (rights, missing table)
  'RESULT_TIMEOUT', // get() waited longer than its timeout
  'RESULT_DISABLED', // no result backend configured, or the task ignores its result
  'TASK_FAILED', // the remote task failed; fields carry type, message, traceback
  'TASK_REVOKED', // the remote task was revoked or expired
  'CANVAS_INVALID', // a workflow that cannot be sent
  'STATE_INVALID', // a method called in a state that does not allow it
  'STORE_UNREACHABLE', // the platform database cannot be reached or refuses the login
  'STORE_REFUSED', // the platform database answered, and said no
  'CHECK_FAILED', // a functional check found the app does not fit the architecture
  'EMBEDDED_FAILED', // the embedded broker or database could not be started
  'POOL_FAILED', // a thread or process of a worker's pool does not come up
  'ACTION_REFUSED', // who asks may not do that, or the request is no repetition of the one it claims to be
  'API_REFUSED', // a dashboard answered a call of its API with a problem; fields carry status and code
  'ABORTED', // the caller's signal ended the wait
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** True when `error` is one of ours with the given code. */
export function hasCode(error: unknown, code: ErrorCode): error is ToolboxError {
  return error instanceof ToolboxError && error.code === code;
}

/** The text of anything thrown, in one line. Never empty, never throws. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  const text = error instanceof Error ? error.message || codeOrName(error) : textOf(error);
  return text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
}

/** Connection errors of Node often have a code and no message. */
const codeOrName = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name;

function textOf(value: unknown): string {
  if (typeof value === 'string') return value || 'unknown error';
  return typeof value === 'object' && value !== null
    ? inspect(value, { depth: 1, breakLength: Infinity })
    : String(value);
}
