import { ToolboxError } from '../../base/index.js';
import type { Database } from '../store/database.js';
import type { StoreShape } from '../store/store-shape.js';
import type { DueFamily } from './due-families.js';

export interface Removed {
  readonly tasks: number;
  readonly results: number;
}

/** A family of a hundred thousand takes longer than what the database is usually asked. */
const PATIENCE_MS = 600_000;

const removeSql = (shape: StoreShape, withResults: boolean): string => {
  const beside = [
    ...(withResults ? ['celery_taskmeta'] : []),
    ...(shape.attempts ? ['workertoolbox.attempt'] : []),
    ...(shape.marks ? ['workertoolbox.task_mark', 'workertoolbox.task_message'] : []),
  ];
  const parts = beside.map(
    (table, at) =>
      `, d${at} AS (DELETE FROM ${table} d USING gone WHERE d.task_id = gone.task_id RETURNING 1)`,
  );
  return `WITH gone AS (DELETE FROM tasks_backgroundtask WHERE root_id = ANY($1::text[]) RETURNING task_id)${parts.join('')}
    SELECT (SELECT COALESCE(array_agg(task_id), '{}') FROM gone) AS ids, ${withResults ? '(SELECT count(*)::int FROM d0)' : '0'} AS results`;
};

/** What was recorded while we removed: ours waited for its transaction at the counts of the family. */
const LATER = 'SELECT FROM tasks_backgroundtask WHERE root_id = ANY($1::text[]) LIMIT 1';

/** A result that stays belongs to nobody any more; the reconciler must not take it for one that nobody recorded. */
const FORGET_STATES =
  'DELETE FROM workertoolbox.task_state WHERE task_id = ANY($1::text[]) AND root_id IS NULL';

/**
 * Removes families and what belongs to their tasks, all of it or nothing. Undefined, and nothing removed, when a row elsewhere
 * refers to one of them, or one of them changed since it was looked at.
 */
export async function removeFamilies(
  database: Database,
  shape: StoreShape,
  families: readonly DueFamily[],
  withResults: boolean,
): Promise<Removed | undefined> {
  const rootIds = families.map(({ rootId }) => rootId);
  const expected = families.reduce((sum, { tasks }) => sum + tasks, 0);
  try {
    return await database.alone(async (query) => {
      const ask: Database['query'] = (config) =>
        query({ ...config, query_timeout: PATIENCE_MS } as typeof config);
      await ask({ text: `BEGIN; SET LOCAL statement_timeout = ${PATIENCE_MS}` });
      const [removed] = await ask<{ ids: string[]; results: number }>({
        text: removeSql(shape, withResults),
        values: [rootIds],
      });
      const later = await ask({ text: LATER, values: [rootIds] });
      if (removed?.ids.length !== expected || later.length > 0) {
        await ask({ text: 'ROLLBACK' });
        return undefined;
      }
      if (shape.states && !withResults) await ask({ text: FORGET_STATES, values: [removed.ids] });
      await ask({ text: 'COMMIT' });
      return { tasks: removed.ids.length, results: removed.results };
    });
  } catch (error) {
    if (error instanceof ToolboxError && error.fields.sqlState === FOREIGN_KEY) return undefined;
    throw error;
  }
}

const FOREIGN_KEY = '23503';
