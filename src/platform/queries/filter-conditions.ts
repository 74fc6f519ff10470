import type { TaskFilter } from '../views/index.js';
import { type Expressions, isRare, QUEUE, statesOf } from './expressions.js';
import { searchCondition } from './search/index.js';
import { isPhase, stateCondition, typeCondition, workerCondition } from './task-conditions.js';

/** The conditions of a filter, and whether the index of states leads to its tasks. */
export interface FilterConditions {
  readonly conditions: readonly string[];
  readonly byState: boolean;
}

export function filterConditions(filter: TaskFilter, sql: Expressions): FilterConditions {
  const { state = [], type, queue, worker, creator, related, root, parent, from, to, q } = filter;
  const bind = (value: unknown): string => sql.parameters.add(value);
  return {
    byState: sql.shape.states && state.length > 0 && isRare(state.flatMap(asStates)),
    conditions: [
      ...(state.length > 0 ? [stateCondition(state, sql)] : []),
      ...(type === undefined ? [] : [typeCondition(type, sql)]),
      ...(queue === undefined ? [] : [`${QUEUE} = ${bind(queue)}`]),
      ...(worker === undefined ? [] : [workerCondition(worker, sql)]),
      ...(creator === undefined ? [] : [`t.creator_id = ${bind(creator)}`]),
      ...(related === undefined ? [] : [`t.related_object_id = ${bind(related)}`]),
      ...(root === undefined ? [] : [`t.root_id = ${bind(root)}`]),
      ...(parent === undefined ? [] : [`t.parent_id = ${bind(parent)}`]),
      ...(from === undefined ? [] : [`t.created_date >= ${bind(from)}::timestamptz`]),
      ...(to === undefined ? [] : [`t.created_date < ${bind(to)}::timestamptz`]),
      ...(q === undefined || q.trim() === '' ? [] : [searchCondition(q, sql)]),
    ],
  };
}

const asStates = (one: string): readonly string[] => (isPhase(one) ? statesOf(one) : [one]);
