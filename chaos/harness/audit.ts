import type { Database } from './database.js';
import type { LedgerView } from './ledger.js';

/** What became of the accepted tasks: the promises as numbers, with the ids of those that break one. */
export interface Audit {
  readonly accepted: number;
  /** Without a terminal row. */
  readonly lost: readonly string[];
  /** Without a row among the scheduled tasks. */
  readonly untracked: readonly string[];
  /** Bodies begun beyond the first of each task. */
  readonly extraRuns: number;
  /** Bodies that came to their end beyond the first of each task. */
  readonly extraEnds: number;
  /** SUCCESS without a body that came to its end, or a body that did and no SUCCESS. */
  readonly wrong: readonly string[];
}

interface Row {
  readonly task_id: string;
  readonly status: string;
}

const TERMINAL = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

export async function audit(
  accepted: readonly string[],
  ledger: LedgerView,
  database: Database,
): Promise<Audit> {
  const rows = await database.rows<Row>('SELECT task_id, status FROM celery_taskmeta');
  const tracked = await database.rows<{ task_id: string }>('SELECT task_id FROM tasks_backgroundtask');
  const states = new Map(rows.map(({ task_id, status }) => [task_id, status]));
  const known = new Set(tracked.map(({ task_id }) => task_id));
  const runs = accepted.map((id) => ledger.of(id));
  const beyond = (count: number): number => Math.max(0, count - 1);
  return {
    accepted: accepted.length,
    lost: accepted.filter((id) => !TERMINAL.has(states.get(id) ?? '')),
    untracked: accepted.filter((id) => !known.has(id)),
    extraRuns: runs.reduce((sum, { starts }) => sum + beyond(starts.length), 0),
    extraEnds: runs.reduce((sum, { ends }) => sum + beyond(ends.length), 0),
    wrong: accepted.filter((id) => (states.get(id) === 'SUCCESS') !== ledger.of(id).ends.length > 0),
  };
}
