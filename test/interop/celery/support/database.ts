import pg from 'pg';
import { migrate } from '../../../../src/platform/index.js';
import { DJANGO_TABLES } from '../../../support/django-tables.js';
import { execute } from '../../../support/postgres.js';

/**
 * Keeps every state a row goes through, and what is stored while a task waits for its retry under an id of its own:
 * `retry:<id>`, so that it can be read as long as one likes.
 */
const HISTORY = `
CREATE TABLE state_history (seq serial PRIMARY KEY, task_id text, status text);
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO state_history (task_id, status) VALUES (NEW.task_id, NEW.status);
  IF NEW.status = 'RETRY' AND NEW.task_id NOT LIKE 'retry:%' THEN
    INSERT INTO celery_taskmeta (task_id, status, result, date_done, traceback)
      VALUES ('retry:' || NEW.task_id, NEW.status, NEW.result, NEW.date_done, NEW.traceback)
      ON CONFLICT (task_id) DO UPDATE SET result = EXCLUDED.result, traceback = EXCLUDED.traceback;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_history AFTER INSERT OR UPDATE ON celery_taskmeta FOR EACH ROW EXECUTE FUNCTION keep_history();
`;

/** Makes the platform's tables in an empty database. */
export async function platformTables(url: string): Promise<void> {
  await execute(url, DJANGO_TABLES, HISTORY);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  await client.end();
}

/** The states a task went through. SQLAlchemy first inserts PENDING, in the same transaction. */
export async function statesOf(url: string, id: string): Promise<readonly string[]> {
  const { rows } = await execute(
    url,
    `SELECT status FROM state_history WHERE task_id = '${id}' AND status <> 'PENDING' ORDER BY seq`,
  );
  return rows.map(({ status }: { status: string }) => status);
}
