import type { AnyState } from '../../base/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { Database } from '../store/database.js';
import { type Family, findFamily } from './family.js';
import { overallStatus } from './overall-status.js';

export interface LedgerOptions {
  readonly database: Database;
  /** Where results are kept; asked for results only. */
  readonly results: () => Promise<ResultBackend | undefined>;
}

/** What a family produced for people. */
export interface OverallResult {
  readonly taskId: string;
  readonly status: AnyState;
  readonly result: unknown;
}

const RESULT_TASKS = {
  name: 'workertoolbox-result-tasks',
  text: `SELECT task_id AS "taskId" FROM tasks_backgroundtask
    WHERE root_id = COALESCE((SELECT root_id FROM tasks_backgroundtask WHERE task_id = $1), $1) AND options->'is_result' = 'true'::jsonb
    ORDER BY created_date, task_id`,
};

/** The questions people ask about scheduled tasks. Any member's id stands for its family. */
export class Ledger {
  readonly #database: Database;
  readonly #results: LedgerOptions['results'];

  constructor(options: LedgerOptions) {
    this.#database = options.database;
    this.#results = options.results;
  }

  /** The state of one task: PENDING when it was scheduled and nothing is stored, undefined when it was never heard of. */
  async status(taskId: string): Promise<AnyState | undefined> {
    const [row] = await this.#database.query<{ status: string }>({
      name: 'workertoolbox-status',
      text: `SELECT COALESCE(r.status, 'PENDING') AS status FROM (SELECT $1::text AS task_id) asked
        LEFT JOIN celery_taskmeta r ON r.task_id = asked.task_id
        WHERE r.task_id IS NOT NULL OR EXISTS (SELECT 1 FROM tasks_backgroundtask t WHERE t.task_id = asked.task_id)`,
      values: [taskId],
    });
    return row?.status;
  }

  family(taskId: string): Promise<Family | undefined> {
    return findFamily(this.#database, taskId);
  }

  overallStatus(taskId: string): Promise<AnyState | undefined> {
    return overallStatus(this.#database, taskId);
  }

  /** The results of the members marked `is_result`, in order of recording. */
  async overallResults(taskId: string): Promise<readonly OverallResult[]> {
    const rows = await this.#database.query<{ taskId: string }>({ ...RESULT_TASKS, values: [taskId] });
    const backend = rows.length === 0 ? undefined : await this.#results();
    const metas = await backend?.get(rows.map((row) => row.taskId));
    return (metas ?? []).map(({ taskId: id, status, result }) => ({ taskId: id, status, result }));
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
