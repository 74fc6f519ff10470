import type { ActionContext } from '../performer.js';

/** What the database knows of a task that is to be retried. */
export interface RetryFacts {
  readonly id: string;
  readonly type: string;
  readonly root: string;
  readonly parent: string | null;
  readonly input: { readonly args?: unknown; readonly kwargs?: unknown };
  readonly options: Readonly<Record<string, unknown>>;
  /** PENDING while nothing is stored. */
  readonly status: string;
  readonly done: Date | null;
  readonly lost: boolean;
  readonly quarantined: boolean;
}

const FACTS = {
  name: 'workertoolbox-retry-facts',
  text: `SELECT t.task_id AS id, t.type, t.root_id AS root, t.parent_id AS parent, t.input, t.options,
      coalesce(r.status, 'PENDING') AS status, r.date_done AS done,
      EXISTS (SELECT 1 FROM workertoolbox.task_mark m WHERE m.task_id = t.task_id AND m.mark = 'lost') AS lost,
      EXISTS (SELECT 1 FROM workertoolbox.quarantine q WHERE q.task_id = t.task_id) AS quarantined
    FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r ON r.task_id = t.task_id WHERE t.task_id = ANY($1)`,
};

export async function retryFacts(
  { database }: ActionContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RetryFacts>> {
  const rows = await database.query<RetryFacts & Record<string, unknown>>({ ...FACTS, values: [ids] });
  return new Map(rows.map((row) => [row.id, row]));
}

/** More tasks than that are a matter of bulk work: those that have ended are believed to be in nobody's hands. */
export const FEW = 20;

/** Which of these tasks workers have in their hands, with the worker's name, and which workers could be heard at all. */
export async function heldByWorkers(
  { app, control }: ActionContext,
  ids: readonly string[],
): Promise<{ readonly holders: ReadonlyMap<string, string>; readonly heard: ReadonlySet<string> }> {
  if (ids.length === 0 || (await app.bus()) === undefined) return { holders: new Map(), heard: new Set() };
  const answers = await control.broadcast<Record<string, unknown>>('query_task', { ids }, { timeout: 1.5 });
  const holders = new Map<string, string>();
  for (const [worker, known] of Object.entries(answers)) {
    if (typeof known === 'object' && known !== null)
      for (const id of Object.keys(known)) holders.set(id, worker);
  }
  return { holders, heard: new Set(Object.keys(answers)) };
}
