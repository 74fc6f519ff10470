import { hasCode, ToolboxError } from '../base/index.js';
import type { StoredFailure } from './result-backend.js';

/** The module under which our own error classes appear in Python. No Python module can have this name. */
export const OUR_MODULE = 'cadasta-workertoolbox';

/** JavaScript's own errors under the names a Python caller can catch. */
const BUILTINS: Readonly<Record<string, string>> = {
  TypeError: 'TypeError',
  RangeError: 'ValueError',
  ReferenceError: 'NameError',
  SyntaxError: 'SyntaxError',
};

/** An error that says itself what it is in Python. */
interface PythonShaped {
  readonly excModule: string;
  readonly excArgs: readonly unknown[];
}

/**
 * Anything thrown, as Python reads it. TypeError stays one, RangeError is ValueError, arguments that do not fit a task
 * are TypeError; a failure or revocation that came from another task keeps its type; an error with `excModule` and
 * `excArgs` keeps those; every other class keeps its name, in our module.
 */
export function failureFrom(error: unknown): StoredFailure {
  if (!(error instanceof Error))
    return { exc_type: 'Error', exc_message: [text(error)], exc_module: OUR_MODULE };
  if (error instanceof ToolboxError) return fromToolbox(error);
  if (isPythonShaped(error)) {
    return { exc_type: classNameOf(error), exc_message: error.excArgs, exc_module: error.excModule };
  }
  const builtin = BUILTINS[error.name];
  return {
    exc_type: builtin ?? classNameOf(error),
    exc_message: [error.message],
    exc_module: builtin === undefined ? OUR_MODULE : 'builtins',
  };
}

function fromToolbox(error: ToolboxError): StoredFailure {
  const { type, args, module } = error.fields;
  if (hasCode(error, 'TASK_FAILED') && typeof type === 'string' && Array.isArray(args)) {
    return {
      exc_type: type,
      exc_message: args,
      exc_module: typeof module === 'string' ? module : OUR_MODULE,
    };
  }
  const message = [error.message];
  if (hasCode(error, 'TASK_ARGUMENTS')) {
    return { exc_type: 'TypeError', exc_message: message, exc_module: 'builtins' };
  }
  if (hasCode(error, 'TASK_REVOKED')) {
    const why = Array.isArray(args) ? args : ['revoked'];
    return { exc_type: 'TaskRevokedError', exc_message: why, exc_module: 'celery.exceptions' };
  }
  if (hasCode(error, 'RESULT_TIMEOUT')) {
    return { exc_type: 'TimeoutError', exc_message: message, exc_module: 'celery.exceptions' };
  }
  return { exc_type: classNameOf(error), exc_message: message, exc_module: OUR_MODULE };
}

const isPythonShaped = (error: Error): error is Error & PythonShaped =>
  'excModule' in error &&
  typeof error.excModule === 'string' &&
  'excArgs' in error &&
  Array.isArray(error.excArgs);

/** `name` where the class set it, else the class's own; in characters that are allowed in a Python class name. */
function classNameOf(error: Error): string {
  const name = error.name !== 'Error' && error.name !== '' ? error.name : error.constructor.name;
  return (name || 'Error').replaceAll(/[^\p{L}\p{N}_]/gu, '_');
}

function text(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}
