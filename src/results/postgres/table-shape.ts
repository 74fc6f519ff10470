import pg from 'pg';
import { ToolboxError } from '../../base/index.js';
import type { Session } from '../../postgres/index.js';
import type { TableName } from './table-names.js';

/** What a result table has, read from the catalogue: SQLAlchemy's, Django's, and those in between differ. */
export interface TableShape {
  readonly table: TableName;
  /** Column names with the length of character columns; null: no limit. */
  readonly columns: ReadonlyMap<string, number | null>;
  /** The sequence to draw a new row's id from; undefined: the column fills itself in. */
  readonly idSequence: string | undefined;
  /** `date_done` is a timestamp with time zone (Django) and not one without, in UTC (SQLAlchemy). */
  readonly zoned: boolean;
}

interface CatalogueRow {
  readonly name: string;
  readonly type: string;
  readonly length: number | null;
  readonly default: string | null;
  readonly identity: string;
  readonly sequence: string | null;
}

const CATALOGUE = `SELECT a.attname AS name, t.typname AS type, a.attidentity AS identity,
  CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
  pg_get_expr(d.adbin, d.adrelid) AS default, to_regclass($2)::text AS sequence
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`;

const refused = (table: TableName, what: string): ToolboxError =>
  new ToolboxError('RESULT_BACKEND_REFUSED', `The result table ${table.quoted} ${what}`, {
    fields: { table: table.name },
  });

/** Looks the table up. Throws RESULT_BACKEND_REFUSED when it is absent or is not a result table, saying what to do. */
export async function readTableShape(
  session: Session,
  table: TableName,
  required: readonly string[],
): Promise<TableShape> {
  const { rows } = await session.query<CatalogueRow & pg.QueryResultRow>({
    text: CATALOGUE,
    values: [table.quoted, table.quotedSequence],
  });
  if (rows.length === 0) {
    throw refused(
      table,
      'does not exist, or the role may not use its schema. Create it (workertoolbox migrate), or correct ' +
        'database_table_schemas and database_table_names',
    );
  }
  const columns = new Map(rows.map((row) => [row.name, row.length]));
  const missing = required.filter((name) => !columns.has(name));
  if (missing.length > 0) throw refused(table, `lacks the columns ${missing.join(', ')}`);
  const date = rows.find((row) => row.name === 'date_done');
  return { table, columns, idSequence: idSequence(table, rows), zoned: date?.type === 'timestamptz' };
}

function idSequence(table: TableName, rows: readonly CatalogueRow[]): string | undefined {
  const id = rows.find((row) => row.name === 'id');
  // Naming the sequence lets a statement draw an id only for rows that are new; a default draws one for each try.
  const drawn = /^nextval\('((?:[^']|'')+)'::regclass\)$/.exec(id?.default ?? '')?.[1];
  if (drawn !== undefined) return drawn.replaceAll("''", "'");
  if (id === undefined || id.default !== null || id.identity !== '') return undefined;
  if (id.sequence !== null) return id.sequence;
  throw refused(
    table,
    `has no default for id, and the sequence ${table.quotedSequence} does not exist: create it (workertoolbox migrate)`,
  );
}

/** `nextval` of the sequence, for a statement. */
export const nextId = (sequence: string): string => `nextval(${pg.escapeLiteral(sequence)})`;
