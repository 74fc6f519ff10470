import { isReady } from '../../base/index.js';
import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';
import { criticalPath } from '../tracking/critical-path.js';
import { overall, platformStatus, withoutUnlocks } from '../tracking/family.js';
import type { FamilyView } from '../views/index.js';
import { Expressions, IS_RESULT, RETRIES } from './expressions.js';
import { gathered } from './family-nodes.js';
import type { GraphMember } from './graph-member.js';
import { Parameters } from './parameters.js';
import { type QuestionOptions, questionOf } from './question.js';
import { lastAttempt } from './summary-columns.js';

/** Up to here each task of a family is shown as one. */
const COLLAPSED_ABOVE = 300;

type MemberRow = Omit<GraphMember, 'created' | 'started' | 'done'> & {
  readonly created: number;
  readonly started: number | null;
  readonly done: number | null;
  readonly rootId: string;
};

/**
 * The family of a task as a graph, whichever member's id is given; undefined when nothing of it was recorded. Branches that failed come
 * first. `celery.chord_unlock`, which belongs to the machinery, is left out.
 */
export async function familyView(
  database: Database,
  taskId: string,
  options: QuestionOptions = {},
): Promise<FamilyView | undefined> {
  const parameters = new Parameters();
  const sql = new Expressions(database, await storeShape(database), questionOf(options), parameters);
  const id = parameters.add(taskId);
  const started = sql.shape.attempts ? 'extract(epoch FROM a.started)::float8 * 1000' : 'NULL::float8';
  const rows = await database.query<MemberRow>({
    text: `SELECT t.task_id AS "taskId", t.type, t.parent_id AS "parentId", ${sql.state} AS status, ${sql.phase} AS phase,
  extract(epoch FROM t.created_date)::float8 * 1000 AS created, ${started} AS started, extract(epoch FROM ${sql.done})::float8 * 1000 AS done,
  ${RETRIES} AS retries, ${IS_RESULT} AS "isResult", t.root_id AS "rootId"
FROM ${sql.from} ${lastAttempt(sql)}
WHERE t.root_id = COALESCE((SELECT root_id FROM tasks_backgroundtask WHERE task_id = ${id}), ${id})
ORDER BY t.created_date, t.task_id`,
    values: parameters.values,
  });
  const members = withoutUnlocks(rows.map(memberFrom));
  const [first] = rows;
  if (first === undefined || members.length === 0) return undefined;
  const states = members.map(({ status }) => status);
  const collapsed = members.length > COLLAPSED_ABOVE;
  return {
    rootId: first.rootId,
    size: members.length,
    ended: states.filter(isReady).length,
    state: overall(states),
    platformState: platformStatus(states),
    collapsed,
    nodes: gathered(members, new Set(criticalPath(members)), collapsed),
    results: members
      .filter(({ isResult }) => isResult)
      .map(({ taskId: result, type, status }) => ({ id: result, name: type, state: status })),
  };
}

const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const memberFrom = ({ rootId: _, created, started, done, ...rest }: MemberRow): GraphMember => ({
  ...rest,
  created: new Date(created),
  started: date(started),
  done: isReady(rest.status) ? date(done) : null,
});
