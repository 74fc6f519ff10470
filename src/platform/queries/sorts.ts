import type { TASK_SORTS } from '../views/index.js';
import { ENDED, type Expressions, TYPE } from './expressions.js';

export interface Sort {
  /** The column the list is ordered by; ties are broken by `id`. */
  readonly key: string;
  readonly id: string;
  /** As text that reads back as the same value. */
  readonly text: string;
  readonly type: 'timestamptz' | 'text' | 'interval';
  /** What is needed to know the key; tasks for which it is not known are not in the list. */
  readonly join?: string;
  readonly condition?: string;
}

/** Each order follows an index. `byState`: the conditions lead to the index of states, which has the tasks of one state in order. */
export function sortOf(name: (typeof TASK_SORTS)[number], byState: boolean, sql: Expressions): Sort {
  switch (name) {
    case 'created':
      return byState
        ? { key: 's.created', id: 's.task_id', text: 's.created::text', type: 'timestamptz' }
        : { key: 't.created_date', id: 't.task_id', text: 't.created_date::text', type: 'timestamptz' };
    case 'name':
      return { key: TYPE, id: 't.task_id', text: 't.type', type: 'text' };
    case 'done': {
      const stored = sql.shape.results ? sql.inStates(['SUCCESS', 'FAILURE', 'REVOKED']) : 'false';
      // Ordered by the column itself, as its index is; shown and compared as a moment.
      return {
        key: 'r.date_done',
        id: 'r.task_id',
        text: `${sql.done}::text`,
        type: 'timestamptz',
        condition: `${stored} AND r.date_done IS NOT NULL`,
      };
    }
    case 'runtime':
      return {
        key: '(e.ended - e.started)',
        id: 'e.task_id',
        text: '(e.ended - e.started)::text',
        type: 'interval',
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
