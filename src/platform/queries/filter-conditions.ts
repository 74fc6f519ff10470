import type { TaskFilter } from '../views/index.js';
import { type Expressions, isRare, QUEUE, statesOf } from './expressions.js';
import { searchCondition } from './search/index.js';
import { isPhase, stateCondition, typeCondition, workerCondition } from './task-conditions.js';

/**
 * What leads to the tasks of a filter: the index of states, which has those of one state in order; an index that leads to few, which are
 * then sorted; or the order itself.
 */
export type AccessPath = 'state' | 'few' | 'order';

export interface FilterConditions {
  readonly conditions: readonly string[];
  readonly path: AccessPath;
}

export async function filterConditions(filter: TaskFilter, sql: Expressions): Promise<FilterConditions> {
  const { state = [], type, queue, worker, creator, related, root, parent, from, to, q } = filter;
  const bind = (value: unknown): string => sql.parameters.add(value);
  const byState = sql.shape.states && state.length > 0 && isRare(state.flatMap(asStates));
  return {
    path: root !== undefined || parent !== undefined ? 'few' : byState ? 'state' : 'order',
    conditions: [
      ...(state.length > 0 ? [stateCondition(state, sql)] : []),
      ...(type === undefined ? [] : [typeCondition(type, sql)]),
      ...(queue === undefined ? [] : [`${QUEUE} = ${bind(queue)}`]),
      ...(worker === undefined ? [] : [await workerCondition(worker, sql)]),
      ...(creator === undefined ? [] : [`t.creator_id = ${bind(creator)}`]),
      ...(related === undefined ? [] : [`t.related_object_id = ${bind(related)}`]),
      ...(root === undefined ? [] : [`t.root_id = ${bind(root)}`]),
      ...(parent === undefined ? [] : [`t.parent_id = ${bind(parent)}`]),
      ...(from === undefined ? [] : [`t.created_date >= ${bind(from)}::timestamptz`]),
      ...(to === undefined ? [] : [`t.created_date < ${bind(to)}::timestamptz`]),
      ...(q === undefined || q.trim() === '' ? [] : [await searchCondition(q, sql)]),
    ],
  };
}

const asStates = (one: string): readonly string[] => (isPhase(one) ? statesOf(one) : [one]);
