import { isReady, ToolboxError } from '../base/index.js';
import type { ExtendedMeta, ResultRecord, TaskMeta } from './result-backend.js';
import { resultOf } from './stored-value.js';

/** A record as Celery's key/value and rpc backends write it, in the order of its keys (protocol 6.1). */
export function celeryMeta(record: ResultRecord, nowMs: number): Readonly<Record<string, unknown>> {
  const { status, result, traceback, groupId, parentId, extended } = record;
  return {
    status,
    result: result ?? null,
    traceback: traceback === null ? null : traceback.replaceAll(/\p{Surrogate}/gu, '\ufffd'),
    children: record.children ?? [],
    date_done: isReady(status) ? new Date(nowMs).toISOString().replace('Z', '000+00:00') : null,
    ...(groupId && { group_id: groupId }),
    ...(parentId && { parent_id: parentId }),
    ...(extended && extendedMeta(extended)),
    task_id: record.taskId,
  };
}

function extendedMeta(extended: NonNullable<ResultRecord['extended']>): Record<string, unknown> {
  const { stamps, ...rest } = extended;
  if (stamps === undefined || Object.keys(stamps).length === 0) return rest;
  return { ...rest, stamped_headers: Object.keys(stamps), ...stamps };
}

/** The same without what is only for looking at: arguments that cannot be written must not cost the result. */
export const plainMeta = (record: ResultRecord, nowMs: number): Readonly<Record<string, unknown>> => {
  const { extended, ...rest } = record;
  return celeryMeta(
    { ...rest, ...(extended && { extended: { ...extended, args: null, kwargs: null } }) },
    nowMs,
  );
};

/** What was read, as the floors above see it. A value nobody can read is told beside the state, where that is known. */
export function metaFromCelery(taskId: string, value: unknown): TaskMeta {
  const { status, result = null, traceback, date_done, children, parent_id } = asRecord(taskId, value);
  if (typeof status !== 'string') throw notAResult(taskId);
  const done = typeof date_done === 'string' ? utc(date_done) : date_done instanceof Date ? date_done : null;
  return {
    taskId,
    status,
    result: resultOf(status, result),
    traceback: typeof traceback === 'string' ? traceback : null,
    dateDone: done,
    parentId: typeof parent_id === 'string' ? parent_id : null,
    ...(Array.isArray(children) && { children }),
    ...extendedOf(value as Record<string, unknown>),
  };
}

/** All of it is there where `result_extended` was on, and none of it where it was off. */
export function extendedOf(stored: Readonly<Record<string, unknown>>): Pick<TaskMeta, 'extended'> {
  const { name = null, args = null, kwargs = null, worker = null, retries = null, queue = null } = stored;
  if (name === null) return {};
  const extended = { name, args, kwargs, worker, retries, queue } as ExtendedMeta;
  return { extended };
}

/** Celery before 5.6 wrote UTC without an offset. */
function utc(text: string): Date | null {
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

export const pendingMeta = (taskId: string): TaskMeta => ({
  taskId,
  status: 'PENDING',
  result: null,
  traceback: null,
  dateDone: null,
});

/** A stored result that cannot be read, without hiding others, nor its own state where that is known. */
export const unreadableMeta = (taskId: string, error: ToolboxError, status = 'FAILURE'): TaskMeta => ({
  ...pendingMeta(taskId),
  status,
  unreadable: new ToolboxError(error.code, `The stored result of task ${taskId}: ${error.message}`, {
    cause: error,
    fields: { ...error.fields, taskId },
  }),
});

function asRecord(taskId: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw notAResult(taskId);
}

const notAResult = (taskId: string): ToolboxError =>
  new ToolboxError('DECODE_FAILED', `What is stored for task ${taskId} is not a result of Celery's`, {
    fields: { taskId },
  });
