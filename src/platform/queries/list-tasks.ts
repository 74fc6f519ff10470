import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';
import type { TaskListQuery, TaskPage } from '../views/index.js';
import { type Place, readCursor, writeCursor } from './cursor.js';
import { Expressions } from './expressions.js';
import { filterConditions } from './filter-conditions.js';
import { Parameters } from './parameters.js';
import { type QuestionOptions, questionOf } from './question.js';
import { type Sort, sortOf } from './sorts.js';
import { lastAttempt, type SummaryRow, summaryColumns } from './summary-columns.js';
import { summaryFrom } from './summary-from.js';

type PageRow = SummaryRow & { readonly keys: readonly string[] };

/**
 * A page of the tasks that fulfil a filter, in keyset order: a page costs the same wherever it is. Works on every form of the
 * tables; what one does not record is null. Ordered by `done` or `runtime`, tasks without are left out.
 *
 * @throws TASK_ARGUMENTS for a cursor or a search that cannot be read
 */
export async function listTasks(
  database: Database,
  query: TaskListQuery,
  options: QuestionOptions = {},
): Promise<TaskPage> {
  const { sort: sortName, order, limit, cursor } = query;
  const name = `${sortName} ${order}`;
  const place = cursor === undefined ? undefined : readCursor(name, cursor);
  const parameters = new Parameters();
  const sql = new Expressions(database, await storeShape(database), questionOf(options), parameters);
  const filter = await filterConditions(query, sql);
  const sort = sortOf(sortName, filter.path, sql);
  const descending = (order === 'desc') !== (place?.backward ?? false);
  const conditions = [
    ...filter.conditions,
    ...(sort.condition === undefined ? [] : [sort.condition]),
    ...(place === undefined ? [] : [beyond(sort, place, descending, sql)]),
  ];
  const rows = await database.query<PageRow>({
    text: pageSql({ sql, sort, conditions, descending, limit: limit + 1 }),
    values: parameters.values,
  });
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (place?.backward) shown.reverse();
  const at = (row: PageRow | undefined, backward: boolean): string | null =>
    row === undefined ? null : writeCursor(name, { keys: row.keys, id: row.id, backward });
  const backward = place?.backward ?? false;
  return {
    items: shown.map(summaryFrom),
    next: backward || more ? at(shown.at(-1), false) : null,
    previous: backward ? (more ? at(shown[0], true) : null) : place === undefined ? null : at(shown[0], true),
  };
}

const beyond = (
  sort: Sort,
  { keys, id }: Place,
  descending: boolean,
  { parameters, shape }: Expressions,
): string => {
  const values = sort.keys.map(({ column, type }, index) => {
    const given = `${parameters.add(keys[index] ?? null)}::${type}`;
    return column === 'r.date_done' && !shape.zoned ? `(${given} AT TIME ZONE 'UTC')` : given;
  });
  const columns = sort.keys.map(({ column }) => column);
  return `(${[...columns, sort.id].join(', ')}) ${descending ? '<' : '>'} (${[...values, `${parameters.add(id)}::text`].join(', ')})`;
};

interface PageSql {
  readonly sql: Expressions;
  readonly sort: Sort;
  readonly conditions: readonly string[];
  readonly descending: boolean;
  readonly limit: number;
}

/** Ids first, by index alone as far as may be; then what is shown of each of them. */
function pageSql({ sql, sort, conditions, descending, limit }: PageSql): string {
  const direction = descending ? 'DESC' : 'ASC';
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const order = (columns: readonly string[]): string =>
    columns.map((column) => `${column} ${direction}`).join(', ');
  const shown = sort.keys.map(({ type }, index) => {
    const key = `page.keys[${index + 1}]`;
    return type === 'text' ? `${key} COLLATE "C"` : `${key}::${type}`;
  });
  return `WITH page AS MATERIALIZED (
  SELECT t.task_id, ARRAY[${sort.keys.map(({ text }) => `(${text})::text`).join(', ')}] AS keys FROM ${sql.from} ${sort.join ?? ''} ${where}
  ORDER BY ${order([...sort.keys.map(({ column }) => column), sort.id])} LIMIT ${limit}
)
SELECT page.keys, ${summaryColumns(sql)}
FROM page JOIN (${sql.from} ${lastAttempt(sql)}) ON t.task_id = page.task_id
ORDER BY ${order([...shown, 'page.task_id'])}`;
}
