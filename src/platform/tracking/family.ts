import { type AnyState, isReady } from '../../base/index.js';
import type { Database } from '../store/database.js';

/** One task of a family, as task table and result table tell it. */
export interface FamilyMember {
  readonly taskId: string;
  readonly type: string;
  /** Who published it; for what `celery.chord_unlock` published, who published that. */
  readonly parentId: string | null;
  /** State of its result; PENDING while nothing is stored. */
  readonly status: AnyState;
  /** When it was recorded as scheduled. */
  readonly created: Date;
  /** When its last state was stored. */
  readonly done: Date | null;
  readonly retries: number;
  /** Its result is the one people asked for (`is_result`). */
  readonly isResult: boolean;
}

export interface Family {
  readonly rootId: string;
  readonly status: AnyState;
  /** In order of recording; `celery.chord_unlock`, which belongs to the machinery, left out. */
  readonly members: readonly FamilyMember[];
}

export const UNLOCK = 'celery.chord_unlock';

// date_done is UTC in either type of column, and a naive timestamp's epoch is read as UTC.
const MEMBERS = {
  name: 'workertoolbox-family',
  text: `
SELECT t.task_id AS "taskId", t.type, t.parent_id AS "parentId", COALESCE(r.status, 'PENDING') AS status,
  extract(epoch FROM t.created_date)::float8 * 1000 AS created, extract(epoch FROM r.date_done)::float8 * 1000 AS done,
  CASE WHEN jsonb_typeof(t.options->'retries') = 'number' THEN (t.options->>'retries')::float8 ELSE 0 END AS retries,
  COALESCE(t.options->'is_result' = 'true'::jsonb, false) AS "isResult", t.root_id AS "rootId"
FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r ON r.task_id = t.task_id
WHERE t.root_id = COALESCE((SELECT root_id FROM tasks_backgroundtask WHERE task_id = $1), $1)
ORDER BY t.created_date, t.task_id`,
};

type MemberRow = Omit<FamilyMember, 'created' | 'done'> & {
  created: number;
  done: number | null;
  rootId: string;
};

/** The whole family of a task, whichever member's id is given; undefined when nothing of it was ever recorded. */
export async function findFamily(database: Database, taskId: string): Promise<Family | undefined> {
  const rows = await database.query<MemberRow>({ ...MEMBERS, values: [taskId] });
  const shown = withoutUnlocks(rows);
  const first = shown[0];
  if (first === undefined) return undefined;
  const members = shown.map(({ rootId: _, created, done, ...rest }) => ({
    ...rest,
    created: new Date(created),
    done: done === null ? null : new Date(done),
  }));
  return { rootId: first.rootId, status: overall(members.map(({ status }) => status)), members };
}

type Related = Pick<FamilyMember, 'taskId' | 'type' | 'parentId'>;

const isUnlock = ({ type }: Pick<Related, 'type'>): boolean => type === UNLOCK;

/** The members people know: what `celery.chord_unlock` published stands under the task that published the unlock task. */
export function withoutUnlocks<T extends Related>(members: readonly T[]): T[] {
  const unlocks = new Map(members.filter(isUnlock).map(({ taskId, parentId }) => [taskId, parentId]));
  return members
    .filter((member) => !isUnlock(member))
    .map((member) => ({ ...member, parentId: beyond(unlocks, member.parentId) }));
}

/** The first parent that is no unlock task. Any message may claim any parent: a circle of unlocks ends in none. */
function beyond(unlocks: ReadonlyMap<string, string | null>, parentId: string | null): string | null {
  let found = parentId;
  for (let step = 0; found !== null && unlocks.has(found); step += 1) {
    found = step > unlocks.size ? null : (unlocks.get(found) ?? null);
  }
  return found;
}

/**
 * FAILURE as soon as one member failed; the common state when all agree; REVOKED when all have ended and some were revoked;
 * else STARTED: some have ended or run and some have not.
 */
export function overall(states: readonly AnyState[]): AnyState {
  const distinct = new Set(states);
  if (distinct.has('FAILURE')) return 'FAILURE';
  const [only] = distinct;
  if (distinct.size === 1 && only !== undefined) return only;
  return [...distinct].every(isReady) ? 'REVOKED' : 'STARTED';
}

/** The same by the rule of the Cadasta platform: what is mixed and did not fail is STARTED, for ever if need be. */
export function platformStatus(states: readonly AnyState[]): AnyState {
  const distinct = new Set(states);
  const [only = 'PENDING'] = distinct;
  if (distinct.size <= 1) return only;
  return distinct.has('FAILURE') ? 'FAILURE' : 'STARTED';
}
