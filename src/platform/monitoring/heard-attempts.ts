import type { ReceivedEvent } from '../../remote/index.js';
import type { Database } from '../store/database.js';

interface Row {
  readonly task_id: string;
  /** Unix seconds. */
  readonly started: number;
  readonly ended: number | null;
  readonly worker: string;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/** What ends a run, and how. */
const OUTCOMES: Readonly<Record<string, string>> = {
  'task-succeeded': 'SUCCESS',
  'task-failed': 'FAILURE',
  'task-retried': 'RETRY',
  'task-revoked': 'REVOKED',
  'task-rejected': 'REJECTED',
};
/** Most runs of which the beginning is remembered until their end. */
const MOST_RUNNING = 50_000;
const MAX_REASON = 1000;

const WRITE = `
INSERT INTO workertoolbox.attempt AS known (task_id, started, ended, worker, outcome, reason)
SELECT left(task_id, 155), to_timestamp(started), to_timestamp(ended), worker, outcome, reason
FROM jsonb_to_recordset($1::jsonb) AS a(task_id text, started float8, ended float8, worker text, outcome text, reason text)
ON CONFLICT (task_id, started) DO UPDATE SET ended = COALESCE(excluded.ended, known.ended),
  outcome = COALESCE(excluded.outcome, known.outcome), reason = COALESCE(excluded.reason, known.reason)`;

/** Runs as their events tell them: for workers that do not write them down themselves, as Python's. */
export class HeardAttempts {
  readonly #database: Database;
  readonly #running = new Map<string, number>();
  #rows: Row[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  hear({ type, uuid, timestamp, hostname, runtime, exception }: ReceivedEvent): void {
    if (typeof uuid !== 'string' || typeof timestamp !== 'number' || typeof hostname !== 'string') return;
    const base = { task_id: uuid, worker: hostname };
    if (type === 'task-started') {
      this.#began(uuid, timestamp);
      this.#rows.push({ ...base, started: timestamp, ended: null, outcome: null, reason: null });
      return;
    }
    const outcome = OUTCOMES[type];
    if (outcome === undefined) return;
    const started =
      this.#running.get(uuid) ?? (typeof runtime === 'number' ? timestamp - runtime : undefined);
    this.#running.delete(uuid);
    // What was revoked or rejected before it began is no run.
    if (started === undefined) return;
    const reason = typeof exception === 'string' ? exception.slice(0, MAX_REASON) : null;
    this.#rows.push({ ...base, started, ended: timestamp, outcome, reason });
  }

  async write(): Promise<void> {
    // One statement may change a row once: of a run that began and ended meanwhile its end says all.
    const rows = new Map(this.#rows.map((row) => [`${row.started} ${row.task_id}`, row]));
    this.#rows = [];
    if (rows.size > 0)
      await this.#database.query({ text: WRITE, values: [JSON.stringify([...rows.values()])] });
  }

  #began(id: string, at: number): void {
    this.#running.set(id, at);
    for (const oldest of this.#running.keys()) {
      if (this.#running.size <= MOST_RUNNING) return;
      this.#running.delete(oldest);
    }
  }
}
