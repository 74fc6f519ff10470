import pg from 'pg';

/** A table and the sequence of its ids, in the schema Celery's settings name. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
  readonly sequence: string;
  /** Quoted, for statements. */
  readonly quoted: string;
  readonly quotedSequence: string;
}

export interface TableNames {
  readonly task: TableName;
  readonly group: TableName;
}

function tableName(schema: unknown, name: unknown, fallback: string, sequence: string): TableName {
  const chosen = typeof name === 'string' && name !== '' ? name : fallback;
  const inSchema = typeof schema === 'string' && schema !== '' ? schema : undefined;
  const quote = (text: string): string =>
    `${inSchema === undefined ? '' : `${pg.escapeIdentifier(inSchema)}.`}${pg.escapeIdentifier(text)}`;
  return {
    schema: inSchema,
    name: chosen,
    sequence,
    quoted: quote(chosen),
    quotedSequence: quote(sequence),
  };
}

const part = (options: Readonly<Record<string, unknown>>, setting: string, key: 'task' | 'group'): unknown =>
  (options[setting] as Record<string, unknown> | null | undefined)?.[key];

/** Names of the result tables: `database_table_names` and `database_table_schemas`, with Celery's defaults. */
export function tableNames(options: Readonly<Record<string, unknown>> = {}): TableNames {
  const made = (key: 'task' | 'group', name: string, sequence: string): TableName =>
    tableName(
      part(options, 'database_table_schemas', key),
      part(options, 'database_table_names', key),
      name,
      sequence,
    );
  return {
    task: made('task', 'celery_taskmeta', 'task_id_sequence'),
    group: made('group', 'celery_tasksetmeta', 'taskset_id_sequence'),
  };
}
