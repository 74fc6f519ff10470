import pg from 'pg';
import { encodeResult } from '../../src/results/stored-value.js';

/** A task as it lies in the tables, with what a test does not care about left out. */
export interface RecordedTask {
  readonly id: string;
  readonly type?: string;
  readonly created: Date;
  readonly root?: string;
  readonly parent?: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly creator?: number;
  readonly related?: string;
  /** Absent: no result was stored. */
  readonly status?: string;
  readonly result?: unknown;
  /** Bytes as they are, in place of `result`. */
  readonly stored?: Uint8Array;
  readonly traceback?: string;
  readonly done?: Date;
}

/** A failure as workers store it. */
export const failure = (type: string, ...args: readonly unknown[]): object => ({
  exc_type: type,
  exc_message: args,
  exc_module: 'builtins',
});

/** Puts tasks and results where sync-tasks and workers put them; relatives must be in the list where foreign keys ask for them. */
export async function record(url: string, tasks: readonly RecordedTask[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const task of tasks) {
      const { id, created, args = [], kwargs = {}, options = {}, type = 'export.project' } = task;
      await client.query(
        `INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, last_updated, input, options, parent_id, root_id, creator_id, related_object_id)
         VALUES (substr(md5($1), 1, 24), $1, $2, $3, $3, $4, $5, $6, $7, $8, $9)`,
        [
          id,
          type,
          created,
          { args, kwargs },
          {
            retries: 0,
            delivery_info: { exchange: 'task_exchange', routing_key: type.split('.')[0] },
            ...options,
          },
          task.parent ?? null,
          task.root ?? id,
          task.creator ?? null,
          task.related ?? null,
        ],
      );
    }
    await client.query('COMMIT');
    for (const { id, status, result = null, stored, traceback = null, done } of tasks) {
      if (status === undefined) continue;
      await client.query(
        `INSERT INTO celery_taskmeta (id, task_id, status, result, traceback, date_done)
         VALUES (nextval('task_id_sequence'), $1, $2, $3, $4, $5::timestamptz AT TIME ZONE 'UTC')`,
        [id, status, Buffer.from(stored ?? encodeResult(status, result) ?? []), traceback, done ?? null],
      );
    }
  } finally {
    await client.end();
  }
}
