/** A handle on a result as Celery writes it: `[[id, parent], null]` for a task, `[[id, parent], [members]]` for a group. */
export type ResultTuple = readonly [readonly [string, ResultTuple | null], readonly ResultTuple[] | null];
