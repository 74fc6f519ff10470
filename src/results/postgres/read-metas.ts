import type pg from 'pg';
import { hasCode, ToolboxError } from '../../base/index.js';
import { extendedOf } from '../meta-format.js';
import type { TaskMeta } from '../result-backend.js';
import { type DecodeStored, decodeResult } from '../stored-value.js';
import { statementName } from './statement-name.js';
import type { TableShape } from './table-shape.js';

interface MetaRow extends pg.QueryResultRow {
  readonly task_id: string;
  readonly status: string | null;
  readonly result: Buffer | null;
  readonly done: number | null;
  readonly traceback: string | null;
  readonly children?: Buffer | null;
  readonly name?: string | null;
  readonly args?: Buffer | null;
  readonly kwargs?: Buffer | null;
}

/** `date_done` in seconds since 1970, whatever the session's time zone is. */
export const doneSeconds = (shape: TableShape): string =>
  `extract(epoch FROM date_done${shape.zoned ? '' : " AT TIME ZONE 'UTC'"})::float8`;

/** One query for any number of tasks. */
export function metasQuery(shape: TableShape, taskIds: readonly string[]): pg.QueryConfig {
  const further = ['children', 'name', 'args', 'kwargs', 'worker', 'retries', 'queue'];
  const children = further
    .filter((name) => shape.columns.has(name))
    .map((name) => `, ${name}`)
    .join('');
  const text = `SELECT task_id, status, result, ${doneSeconds(shape)} AS done, traceback${children} FROM ${shape.table.quoted} WHERE task_id = ANY ($1::text[])`;
  return { name: statementName('get', text), text, values: [taskIds] };
}

/** One meta per id, in the order of the ids; PENDING for those nobody has written about. */
export function metasFrom(
  rows: readonly pg.QueryResultRow[],
  taskIds: readonly string[],
  decode: DecodeStored,
): readonly TaskMeta[] {
  const found = new Map((rows as readonly MetaRow[]).map((row) => [row.task_id, row]));
  return taskIds.map((taskId) => {
    const row = found.get(taskId);
    return row === undefined
      ? { taskId, status: 'PENDING', result: null, traceback: null, dateDone: null }
      : metaFrom(row, decode);
  });
}

function metaFrom(row: MetaRow, decode: DecodeStored): TaskMeta {
  const status = row.status ?? 'PENDING';
  const meta = {
    taskId: row.task_id,
    status,
    traceback: row.traceback,
    dateDone: row.done === null ? null : new Date(row.done * 1000),
  };
  try {
    const children = row.children ? decode(row.children) : undefined;
    return {
      ...meta,
      result: decodeResult(status, row.result, decode),
      ...(Array.isArray(children) && { children }),
      ...(row.name &&
        extendedOf({ ...row, args: decode(row.args ?? null), kwargs: decode(row.kwargs ?? null) })),
    };
  } catch (error) {
    // One row that nobody can read must not hide the others, nor its own state.
    if (!hasCode(error, 'DECODE_FAILED') && !hasCode(error, 'BUDGET_EXCEEDED')) throw error;
    const unreadable = new ToolboxError(
      error.code,
      `The stored result of task ${row.task_id}: ${error.message}`,
      {
        cause: error,
        fields: { ...error.fields, taskId: row.task_id },
      },
    );
    return { ...meta, result: null, unreadable };
  }
}
