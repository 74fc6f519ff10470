import { isReady, redact } from '../../base/index.js';
import type { Database } from '../store/database.js';
import { type StoreShape, storeShape } from '../store/store-shape.js';
import { overallStatus } from '../tracking/overall-status.js';
import type { Attempt, TaskDetail } from '../views/index.js';
import { Expressions } from './expressions.js';
import { Parameters } from './parameters.js';
import { type QuestionOptions, questionOf } from './question.js';
import { failureIn, failureMessage, type ReadValue, readJsonb, readResult } from './read-value.js';
import { sameFailures } from './same-failures.js';
import { showValue } from './show-value.js';
import { lastAttempt, type SummaryRow, summaryColumns } from './summary-columns.js';
import { iso, isoOrNull, summaryFrom } from './summary-from.js';
import { timelineOf } from './timeline.js';

export interface TaskDetailOptions extends QuestionOptions {
  /** What the app knows of a task of that name, where the app is known. */
  readonly definitionOf?: (name: string) => TaskDetail['definition'] | undefined;
}

type DetailRow = SummaryRow & {
  readonly fullArgs: string | null;
  readonly fullKwargs: string | null;
  readonly options: Record<string, unknown>;
  readonly stored_result: Uint8Array | string | null;
  readonly traceback: string | null;
  readonly children: number;
  readonly familySize: number;
  readonly retriedAs: readonly string[] | null;
};

/** Everything that is known of one task; undefined when it was never recorded. */
export async function taskDetail(
  database: Database,
  id: string,
  options: TaskDetailOptions = {},
): Promise<TaskDetail | undefined> {
  const shape = await storeShape(database);
  const parameters = new Parameters();
  const sql = new Expressions(database, shape, questionOf(options), parameters);
  const [row] = await database.query<DetailRow>({
    text: `SELECT ${summaryColumns(sql)}, (t.input->'args')::text AS "fullArgs", (t.input->'kwargs')::text AS "fullKwargs", t.options,
  r.result AS stored_result, r.traceback,
  (SELECT count(*)::int FROM (SELECT 1 FROM tasks_backgroundtask c WHERE c.parent_id = t.task_id LIMIT ${COUNTED}) c) AS children,
  (SELECT count(*)::int FROM (SELECT 1 FROM tasks_backgroundtask f WHERE f.root_id = t.root_id LIMIT ${COUNTED}) f) AS "familySize",
  (SELECT array_agg(n.task_id ORDER BY n.created_date) FROM tasks_backgroundtask n
    WHERE n.options ? 'retried_from' AND n.options->>'retried_from' = t.task_id) AS "retriedAs"
FROM ${sql.from} ${lastAttempt(sql)} WHERE t.task_id = ${parameters.add(id)}`,
    values: parameters.values,
  });
  if (row === undefined) return undefined;
  const [attempts, familyState] = await Promise.all([
    attemptsOf(database, shape, id),
    overallStatus(database, row.rootId),
  ]);
  const summary = summaryFrom(row);
  const result = readResult(row.state, row.stored_result);
  const { retried_from: retriedFrom } = row.options;
  return {
    ...summary,
    input: { args: shownInput(row.fullArgs), kwargs: shownInput(row.fullKwargs) },
    options: redact(row.options) as Record<string, unknown>,
    result: row.stored_result === null || !isReady(row.state) ? null : showValue(result, row.stored_result),
    failure: await failureOf(database, row, result),
    attempts,
    timeline: timelineOf(summary, attempts, isoOrNull(row.stored)),
    children: row.children,
    familySize: row.familySize,
    familyState: familyState ?? row.state,
    definition: options.definitionOf?.(row.name) ?? null,
    retriedFrom: typeof retriedFrom === 'string' ? retriedFrom : null,
    retriedAs: [...(row.retriedAs ?? [])],
  };
}

/** Larger families are not counted further. */
const COUNTED = 100_000;

const shownInput = (text: string | null) => {
  const read: ReadValue = text === null ? { value: null } : readJsonb(text);
  return showValue(read, text);
};

interface AttemptRow {
  readonly worker: string | null;
  readonly started: number;
  readonly ended: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

async function attemptsOf(database: Database, { attempts }: StoreShape, id: string): Promise<Attempt[]> {
  if (!attempts) return [];
  const rows = await database.query<AttemptRow>({
    text: `SELECT worker, extract(epoch FROM started)::float8 * 1000 AS started, extract(epoch FROM ended)::float8 * 1000 AS ended, outcome, reason
      FROM workertoolbox.attempt WHERE task_id = $1 ORDER BY attempt.started LIMIT 1000`,
    values: [id],
  });
  return rows.map(({ worker, started, ended, outcome, reason }, index) => ({
    number: index + 1,
    worker,
    started: iso(started),
    ended: isoOrNull(ended),
    outcome,
    reason,
  }));
}

async function failureOf(
  database: Database,
  { name, state, traceback }: DetailRow,
  read: ReadValue,
): Promise<TaskDetail['failure']> {
  const failure = failureIn(read);
  if (failure === undefined || state === 'SUCCESS') return null;
  return {
    type: failure.exc_type,
    message: String(redact(failureMessage(failure))),
    traceback: traceback === null ? null : String(redact(traceback)),
    sameIn24Hours: state === 'FAILURE' ? await sameFailures(database, name, failure.exc_type) : 0,
  };
}
