import type pg from 'pg';
import type { EncodedRow } from './encoded-row.js';
import { statementName } from './statement-name.js';
import { nextId, type TableShape } from './table-shape.js';

/** Written together or not at all. */
const EXTENDED_COLUMNS = ['name', 'args', 'kwargs', 'worker', 'retries', 'queue'] as const;

/** A column of the statement: how it comes out of the unnested arrays, and the array it is given as. */
interface Column {
  readonly name: string;
  /** Types of the arrays it takes. Bytes take two: place and length in the one value all bytes travel in. */
  readonly types: readonly string[];
  readonly select: (names: readonly string[]) => string;
  readonly values: (rows: readonly EncodedRow[], bytes: Bytes) => readonly unknown[];
  readonly update: (column: string) => string;
}

/** All bytes of a statement in one parameter, which goes over the wire as it is; arrays of bytea would go as hex text. */
class Bytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(part: Uint8Array | null): number | null {
    if (part === null) return null;
    const place = this.#length + 1;
    this.#parts.push(part);
    this.#length += part.length;
    return place;
  }

  joined(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

const numbers = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

const replaced = (column: string): string => `excluded.${column}`;

const column = (
  name: string,
  type: string,
  value: (row: EncodedRow) => unknown,
  update = replaced,
): Column => ({
  name,
  types: [type],
  select: ([array]) => `${array}`,
  values: (rows) => [rows.map(value)],
  update,
});

const bytes = (name: string, value: (row: EncodedRow) => Uint8Array | null, update = replaced): Column => ({
  name,
  types: ['int', 'int'],
  select: ([place, length]) => `substring($1::bytea FROM ${place} FOR ${length})`,
  values: (rows, all) => {
    const parts = rows.map(value);
    return [numbers(parts.map((part) => all.add(part))), numbers(parts.map((part) => part?.length ?? null))];
  },
  update,
});

const done = (zoned: boolean): Column => ({
  name: 'date_done',
  types: ['float8'],
  // The zone is spelt out: a pooler between us and the server may have given us a session with another one.
  select: ([array]) => `to_timestamp(${array})${zoned ? '' : " AT TIME ZONE 'UTC'"}`,
  values: (rows) => [numbers(rows.map((row) => row.done))],
  update: replaced,
});

/** A later record without these, such as a failure stored by somebody else, leaves them as they are. */
const kept = (name: string): string => `coalesce(excluded.${name}, t.${name})`;

function columnsOf(shape: TableShape, extended: boolean): readonly Column[] {
  const base = [
    column('task_id', 'text', (row) => row.taskId),
    column('status', 'text', (row) => row.status),
    bytes('result', (row) => row.result),
    column('traceback', 'text', (row) => row.traceback),
    done(shape.zoned),
  ];
  if (shape.columns.has('children')) base.push(bytes('children', (row) => row.children));
  if (!extended || !EXTENDED_COLUMNS.every((name) => shape.columns.has(name))) return base;
  return [
    ...base,
    column('name', 'text', (row) => row.extended?.name, kept),
    bytes('args', (row) => row.extended?.args ?? null, kept),
    bytes('kwargs', (row) => row.extended?.kwargs ?? null, kept),
    column('worker', 'text', (row) => row.extended?.worker, kept),
    column('retries', 'int', (row) => row.extended?.retries, kept),
    column('queue', 'text', (row) => row.extended?.queue, kept),
  ];
}

/** The one statement that stores any number of results, for a table of this shape. */
export function upsertFor(
  shape: TableShape,
  extended: boolean,
): (rows: readonly EncodedRow[]) => pg.QueryConfig {
  const columns = columnsOf(shape, extended);
  const arrays = columns.flatMap((each, index) =>
    each.types.map((type, part) => ({ type, name: `c${index}_${part}` })),
  );
  const { quoted } = shape.table;
  const select = columns.map((each, index) =>
    each.select(each.types.map((_, part) => `b.c${index}_${part}`)),
  );
  const names = columns.map((each) => each.name);
  if (shape.idSequence !== undefined) {
    names.unshift('id');
    // A row that exists keeps its id: drawing one for each write would use up the integers of the column.
    select.unshift(
      `coalesce((SELECT e.id FROM ${quoted} e WHERE e.task_id = b.c0_0), ${nextId(shape.idSequence)})`,
    );
  }
  const weak = arrays.length + 2;
  const text = `INSERT INTO ${quoted} AS t (${names.join(', ')})
SELECT ${select.join(', ')}
FROM unnest(${arrays.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ')}) AS b(${arrays.map(({ name }) => name).join(', ')})
ON CONFLICT (task_id) DO UPDATE SET ${columns
    .filter((each) => each.name !== 'task_id')
    .map((each) => `${each.name} = ${each.update(each.name)}`)
    .join(', ')}
WHERE t.status IS NULL OR t.status NOT IN ('SUCCESS', 'FAILURE', 'REVOKED')
OR (t.status <> 'SUCCESS' AND excluded.status IN ('SUCCESS', 'FAILURE') AND excluded.task_id <> ALL ($${weak}::text[]))`;
  const name = statementName('store', text);
  return (rows) => {
    const all = new Bytes();
    const values = columns.flatMap((each) => each.values(rows, all));
    const verdicts = rows.filter((row) => row.weight === 'verdict').map((row) => row.taskId);
    return { name, text, values: [all.joined(), ...values, verdicts] };
  };
}
