import type { ClientBase } from 'pg';

const TABLES = ['tasks_backgroundtask', 'celery_taskmeta', 'workertoolbox.attempt'];

/**
 * Fills empty tables faster: indexes that keep no promise are made when the rows are there, and states are counted once and not by
 * every statement.
 */
export async function withoutIndexes(client: ClientBase, fill: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
     WHERE indrelid IN (SELECT to_regclass(name) FROM unnest($1::text[]) name) AND NOT indisunique
     AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [TABLES],
  );
  const { rows: triggers } = await client.query<{ name: string; table: string }>(
    `SELECT tgname AS name, tgrelid::regclass::text AS table FROM pg_trigger
     WHERE tgname LIKE 'workertoolbox\\_state\\_%' AND tgenabled = 'O' AND tgrelid IN (SELECT to_regclass(name) FROM unnest($1::text[]) name)`,
    [TABLES],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (const { name, table } of triggers) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
  await fill();
  // Foreign keys are checked at the end of the transaction; a table with unchecked rows takes no index.
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  for (const { definition } of indexes) await client.query(definition);
  for (const { name, table } of triggers) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER ${name}`);
  if (triggers.length > 0) {
    await client.query("SELECT workertoolbox.count_states('tasks_backgroundtask', 'celery_taskmeta')");
  }
}
