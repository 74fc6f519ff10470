import type { Expressions } from '../expressions.js';
import { FIELDS, textCondition } from './fields.js';
import { parseSearch, type Search } from './parse-search.js';

const NAMES: ReadonlySet<string> = new Set(FIELDS.keys());

/** The condition that a search is. @throws TASK_ARGUMENTS for what is no search */
export const searchCondition = (text: string, sql: Expressions): Promise<string> =>
  written(parseSearch(text, NAMES), sql);

async function written(search: Search, sql: Expressions): Promise<string> {
  switch (search.kind) {
    case 'and':
    case 'or':
      return `(${(await Promise.all(search.parts.map((part) => written(part, sql)))).join(` ${search.kind.toUpperCase()} `)})`;
    case 'not':
      // Of what is not known, the opposite of a condition is true.
      return `(${await written(search.part, sql)}) IS NOT TRUE`;
    case 'term':
      return termCondition(search, sql);
  }
}

function termCondition(
  { field, operator, value }: Extract<Search, { kind: 'term' }>,
  sql: Expressions,
): string | Promise<string> {
  if (field === null) return textCondition(value, sql);
  return FIELDS.get(field)?.(value, operator, sql) ?? textCondition(value, sql);
}
