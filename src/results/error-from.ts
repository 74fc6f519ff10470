import { ToolboxError } from '../base/index.js';
import type { StoredFailure, TaskMeta } from './result-backend.js';

/**
 * The error a failed or revoked task ended with, as data: never an instance of a class the row names. TASK_FAILED, or
 * TASK_REVOKED. Fields: `taskId`, `type`, `module`, `args`, `traceback`.
 */
export function errorFrom(meta: TaskMeta): ToolboxError {
  if (meta.unreadable !== undefined) return meta.unreadable;
  const failure = (meta.result ?? {}) as Partial<StoredFailure>;
  const args = Array.isArray(failure.exc_message) ? failure.exc_message : [];
  const type = failure.exc_type ?? (meta.status === 'REVOKED' ? 'TaskRevokedError' : 'Exception');
  const fields = {
    taskId: meta.taskId,
    type,
    module: failure.exc_module ?? 'builtins',
    args,
    traceback: meta.traceback,
  };
  const said = args.map((each) => (typeof each === 'string' ? each : inspected(each))).join(', ');
  return meta.status === 'REVOKED'
    ? new ToolboxError('TASK_REVOKED', `Task ${meta.taskId} was ${said || 'revoked'}`, { fields })
    : new ToolboxError('TASK_FAILED', `Task ${meta.taskId} failed: ${type}${said && `: ${said}`}`, {
        fields,
      });
}

function inspected(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
