import type { Expressions } from './expressions.js';
import { Parameters } from './parameters.js';

/** Up to so many tasks are named one by one. */
const FEW = 5000;

/**
 * A condition on the attempts of a task. The planner cannot know how often it holds, and is off by a second where it guesses wrong: so it
 * is asked first. Few tasks are named; of many the next ones in order are soon found.
 *
 * @param where The condition on `w`, an attempt; `add` makes a placeholder of a value.
 */
export async function attemptCondition(
  where: (add: (value: unknown) => string) => string,
  { database, parameters }: Expressions,
): Promise<string> {
  const own = new Parameters();
  const rows = await database.query<{ id: string }>({
    text: `SELECT w.task_id AS id FROM workertoolbox.attempt w WHERE ${where((value) => own.add(value))} LIMIT ${FEW + 1}`,
    values: own.values,
  });
  if (rows.length <= FEW) return `t.task_id = ANY (${parameters.add(rows.map(({ id }) => id))}::text[])`;
  const condition = where((value) => parameters.add(value));
  return `COALESCE((SELECT true FROM workertoolbox.attempt w WHERE w.task_id = t.task_id AND ${condition} LIMIT 1), false)`;
}
