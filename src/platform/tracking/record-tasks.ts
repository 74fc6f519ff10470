import { randomBytes } from 'node:crypto';
import type { Database } from '../store/database.js';
import type { TaskTable } from './task-table.js';
import type { TrackedTask } from './tracked-task.js';

const ALPHABET = Buffer.from('abcdefghijkmnpqrstuvwxyz23456789', 'latin1');

const ID_LENGTH = 24;

/** Row ids as the platform makes them: 24 of 32 easily told letters. */
function rowIds(count: number): string[] {
  const letters = randomBytes(count * ID_LENGTH);
  for (let at = 0; at < letters.length; at += 1) letters[at] = ALPHABET[(letters[at] ?? 0) % 32] ?? 0;
  const text = letters.toString('latin1');
  return Array.from({ length: count }, (_, row) => text.slice(row * ID_LENGTH, (row + 1) * ID_LENGTH));
}

/** The (nesting, retries) of a row, readable whatever a foreign writer put there. Placeholders come before everything. */
const attemptOf = (row: string): string =>
  `(CASE WHEN jsonb_typeof(${row}.options->'replaced_task_nesting') = 'number' THEN (${row}.options->>'replaced_task_nesting')::numeric ELSE 0 END,
    CASE WHEN jsonb_typeof(${row}.options->'retries') = 'number' THEN (${row}.options->>'retries')::numeric ELSE -1 END)`;

const COLUMNS =
  'id, task_id, type, created_date, last_updated, input, options, parent_id, root_id, creator_id, related_content_type_id, related_object_id';

/**
 * Rows whose message has not come yet but which foreign keys ask for. The real message, when it comes, is a later
 * attempt and replaces everything in them.
 */
const PLACEHOLDERS = `
placeholders AS (
  INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, last_updated, input, options, root_id)
  SELECT id, task_id, 'unknown', now(), now(), '{"args": [], "kwargs": {}}', '{"placeholder": true}', root_id
  FROM unnest($2::text[], $3::text[], $4::text[]) AS wanted (id, task_id, root_id)
  ON CONFLICT (task_id) DO NOTHING
)`;

const UPSERT = `
INSERT INTO tasks_backgroundtask AS known (${COLUMNS})
SELECT id, task_id, type, now(), now(), input, options, parent_id, root_id, creator_id, content_type_id, related_id
FROM jsonb_to_recordset($1::jsonb)
  AS fresh (id text, task_id text, type text, input jsonb, options jsonb, parent_id text, root_id text, creator_id int, content_type_id int, related_id text)
ON CONFLICT (task_id) DO UPDATE SET
  type = EXCLUDED.type,
  last_updated = now(),
  input = EXCLUDED.input,
  options = EXCLUDED.options,
  root_id = EXCLUDED.root_id,
  parent_id = COALESCE(EXCLUDED.parent_id, known.parent_id),
  creator_id = COALESCE(EXCLUDED.creator_id, known.creator_id),
  related_content_type_id = COALESCE(EXCLUDED.related_content_type_id, known.related_content_type_id),
  related_object_id = COALESCE(EXCLUDED.related_object_id, known.related_object_id)
WHERE ${attemptOf('known')} < ${attemptOf('EXCLUDED')}`;

const PLAIN = { name: 'workertoolbox-record-tasks', text: UPSERT };
const WITH_PLACEHOLDERS = {
  name: 'workertoolbox-record-tasks-placeholders',
  text: `WITH ${PLACEHOLDERS} ${UPSERT}`,
};

/**
 * Records a batch with one statement: new ids are inserted, a later attempt of a known id replaces what it said, anything
 * older or repeated changes nothing. So order and repetition do not matter.
 */
export async function recordTasks(
  database: Database,
  table: TaskTable,
  tasks: readonly TrackedTask[],
): Promise<void> {
  const rows = latestOfEach(tasks);
  const ids = rowIds(rows.length);
  const values: unknown[] = [`[${rows.map((task, row) => rowJson(task, ids[row] ?? '')).join(',')}]`];
  if (!table.selfReferences) {
    await database.query({ ...PLAIN, values });
    return;
  }
  const wanted = missingRelatives(rows);
  values.push(rowIds(wanted.size), [...wanted.keys()], [...wanted.values()]);
  await database.query({ ...WITH_PLACEHOLDERS, values });
}

const quoted = (text: string | null): string => JSON.stringify(text);

/** A batch travels as one JSON text: what is JSON already is put in as it is, and nothing is escaped twice. */
const rowJson = (task: TrackedTask, id: string): string =>
  `{"id":${quoted(id)},"task_id":${quoted(task.taskId)},"type":${quoted(task.type)},"input":${task.input},"options":${task.options},` +
  `"parent_id":${quoted(task.parentId)},"root_id":${quoted(task.rootId)},"creator_id":${task.creatorId},` +
  `"content_type_id":${task.relatedContentTypeId},"related_id":${quoted(task.relatedObjectId)}}`;

/** One statement may touch a row once: of each id the latest attempt is kept. */
function latestOfEach(tasks: readonly TrackedTask[]): TrackedTask[] {
  const latest = new Map<string, TrackedTask>();
  for (const task of tasks) {
    const known = latest.get(task.taskId);
    if (known === undefined || isLater(task.attempt, known.attempt)) latest.set(task.taskId, task);
  }
  return [...latest.values()];
}

const isLater = (a: TrackedTask['attempt'], b: TrackedTask['attempt']): boolean =>
  a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

/** Roots and parents outside the batch, with the root each belongs to. */
function missingRelatives(rows: readonly TrackedTask[]): Map<string, string> {
  const present = new Set(rows.map((task) => task.taskId));
  const wanted = new Map<string, string>();
  for (const { rootId, parentId } of rows) {
    if (!present.has(rootId)) wanted.set(rootId, rootId);
    if (parentId !== null && !present.has(parentId) && !wanted.has(parentId)) wanted.set(parentId, rootId);
  }
  return wanted;
}
