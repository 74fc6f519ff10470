import { type ErrorCode, ToolboxError } from '../../../base/index.js';
import * as taskErrors from '../../execution/task-errors.js';
import type { PackedError } from './pack-error.js';

/** Errors that are told apart by `instanceof`: those of the language and Celery's own. */
const TYPES: ReadonlyMap<string, object> = new Map(
  [
    ...[TypeError, RangeError, ReferenceError, SyntaxError, URIError, EvalError],
    ...Object.values(taskErrors),
  ].map((type) => [type.name, type.prototype as object]),
);

/** The error as its own class where both sides have it; else an Error that says in Python, and by its name, what it was. */
export function unpackError(
  name: string,
  { message, stack, type, module, args, members, cause, errors }: PackedError,
  restore: (value: unknown) => unknown,
): Error {
  const own = restore(members) as Record<string, unknown>;
  const options = cause === undefined ? undefined : { cause: restore(cause) };
  let error: Error;
  if (name === 'ToolboxError') {
    const { code, fields } = own as { code: ErrorCode; fields: Record<string, unknown> };
    error = new ToolboxError(code, message, { ...options, fields });
  } else {
    error =
      errors === undefined
        ? new Error(message, options)
        : new AggregateError(restore(errors) as unknown[], message, options);
    const prototype = TYPES.get(name);
    if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
    else if (type !== 'Error') hide(error, 'name', type);
    for (const [key, member] of Object.entries(own)) {
      Object.defineProperty(error, key, {
        value: member,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    if (prototype === undefined && module !== undefined && error.name !== 'Error') {
      hide(error, 'excModule', module);
      hide(error, 'excArgs', restore(args));
    }
  }
  hide(error, 'stack', stack);
  return error;
}

const hide = (error: Error, key: string, value: unknown): void =>
  void Object.defineProperty(error, key, { value, writable: true, configurable: true });
