import { isReady, ToolboxError } from '../../base/index.js';
import { mayReplace, type Weight, weightOf } from '../precedence.js';
import type { ResultRecord } from '../result-backend.js';
import { type EncodeSide, encodeResult } from '../stored-value.js';
import { type AttemptRow, attemptRow } from './attempt-rows.js';
import type { TableShape } from './table-shape.js';

/** A record as the table takes it. */
export interface EncodedRow {
  readonly taskId: string;
  readonly status: string;
  readonly weight: Weight;
  readonly result: Uint8Array | null;
  readonly traceback: string | null;
  /** Seconds since 1970; null while the task is not done, as Celery leaves it. */
  readonly done: number | null;
  readonly children: Uint8Array | null;
  readonly extended: ExtendedColumns | undefined;
  /** The run it tells of. */
  readonly attempt: AttemptRow | undefined;
  /** About what it adds to a statement. */
  readonly size: number;
}

export interface ExtendedColumns {
  readonly name: string;
  readonly args: Uint8Array | null;
  readonly kwargs: Uint8Array | null;
  readonly worker: string;
  readonly retries: number;
  readonly queue: string | null;
}

/** Encodes at once, so that what the task does to its value afterwards changes nothing. Throws ENCODE_FAILED. */
export function encodeRow(record: ResultRecord, nowMs: number, encodeSide: EncodeSide): EncodedRow {
  const result = encodeResult(record.status, record.result);
  const traceback = record.traceback === null ? null : storable(record.traceback);
  const children =
    record.children === undefined || record.children.length === 0 ? null : encodeSide(record.children);
  return {
    taskId: record.taskId,
    status: record.status,
    weight: weightOf(record),
    result,
    traceback,
    done: isReady(record.status) ? nowMs / 1000 : null,
    children,
    extended: record.extended && extendedColumns(record.extended, encodeSide),
    attempt: attemptRow(record),
    size: 200 + (result?.length ?? 0) + (traceback?.length ?? 0) + (children?.length ?? 0),
  };
}

/** Text as PostgreSQL takes it: NUL is shown as its symbol, half a surrogate pair as the replacement character. */
const storable = (text: string): string =>
  text.replaceAll('\u0000', '\u2400').replaceAll(/\p{Surrogate}/gu, '\ufffd');

function extendedColumns(
  extended: NonNullable<ResultRecord['extended']>,
  encodeSide: EncodeSide,
): ExtendedColumns {
  return {
    name: storable(extended.name).slice(0, 155),
    args: encodedOrNull(extended.args, encodeSide),
    kwargs: encodedOrNull(extended.kwargs, encodeSide),
    worker: storable(extended.worker).slice(0, 155),
    retries: extended.retries,
    queue: extended.queue === null ? null : storable(extended.queue).slice(0, 155),
  };
}

/** These columns are for looking at: arguments that cannot be written must not cost the result. */
function encodedOrNull(value: unknown, encodeSide: EncodeSide): Uint8Array | null {
  try {
    return encodeSide(value);
  } catch {
    return null;
  }
}

/** Throws ENCODE_FAILED when the row cannot be stored in this table whatever its neighbours are. */
export function checkFits(row: EncodedRow, shape: TableShape): void {
  for (const [column, text] of [
    ['task_id', row.taskId],
    ['status', row.status],
  ] as const) {
    const limit = shape.columns.get(column) ?? Number.POSITIVE_INFINITY;
    const fits = text.length <= limit || [...text].length <= limit;
    if (fits && !text.includes('\u0000')) continue;
    throw new ToolboxError(
      'ENCODE_FAILED',
      `The ${column} ${JSON.stringify(text.slice(0, 40))} of a result cannot be stored: the column takes ${limit} characters, and no NUL`,
      { fields: { column, taskId: row.taskId.slice(0, 200) } },
    );
  }
}

/** The rows of one statement: for each task the last one that may replace those before it, in the order of the ids. */
export function reduced(rows: readonly EncodedRow[]): readonly EncodedRow[] {
  const last = new Map<string, EncodedRow>();
  for (const row of rows) {
    if (mayReplace(last.get(row.taskId)?.status, row.weight)) last.set(row.taskId, row);
  }
  // Two statements that lock the same rows in the same order wait for each other instead of deadlocking.
  return [...last.values()].sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
}
