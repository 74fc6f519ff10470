import type { TASK_SORTS } from '../views/index.js';
import { ENDED, type Expressions, TYPE } from './expressions.js';
import type { AccessPath } from './filter-conditions.js';

export interface SortKey {
  readonly column: string;
  /** As text that reads back as the same value. */
  readonly text: string;
  readonly type: 'timestamptz' | 'text' | 'interval';
}

export interface Sort {
  /** What the list is ordered by, all in one direction; ties are broken by `id`. */
  readonly keys: readonly SortKey[];
  readonly id: string;
  /** What is needed to know the key; tasks for which it is not known are not in the list. */
  readonly join?: string;
  readonly condition?: string;
}

const moment = (column: string, text = column): SortKey => ({
  column,
  text: `${text}::text`,
  type: 'timestamptz',
});

/** Each order follows an index: where the conditions lead to another, it must not look as if it did. */
export function sortOf(name: (typeof TASK_SORTS)[number], path: AccessPath, sql: Expressions): Sort {
  switch (name) {
    case 'created':
      if (path === 'state') return { keys: [moment('s.created')], id: 's.task_id' };
      return {
        keys: [moment(path === 'few' ? "(t.created_date + interval '0')" : 't.created_date')],
        id: 't.task_id',
      };
    case 'name':
      return {
        keys: [{ column: TYPE, text: 't.type', type: 'text' }, moment('t.created_date')],
        id: 't.task_id',
      };
    case 'done': {
      const stored = sql.shape.results ? sql.inStates(['SUCCESS', 'FAILURE', 'REVOKED']) : 'false';
      // Ordered by the column itself, as its index is; shown and compared as a moment.
      return {
        keys: [moment('r.date_done', sql.done)],
        id: 'r.task_id',
        condition: `${stored} AND r.date_done IS NOT NULL`,
      };
    }
    case 'runtime':
      return {
        keys: [{ column: '(e.ended - e.started)', text: '(e.ended - e.started)::text', type: 'interval' }],
        id: 'e.task_id',
        ...(sql.shape.attempts
          ? {
              join: `JOIN workertoolbox.attempt e ON e.task_id = t.task_id AND e.${ENDED}`,
            }
          : { join: NO_ATTEMPTS, condition: 'false' }),
      };
  }
}

const NO_ATTEMPTS =
  'CROSS JOIN (SELECT NULL::text AS task_id, NULL::timestamptz AS started, NULL::timestamptz AS ended) e';
