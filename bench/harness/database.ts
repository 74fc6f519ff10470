import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of its own, and the harness' hand in it. */
export class Database {
  readonly url: string;
  readonly #client: pg.Client;
  readonly #drop: () => Promise<void>;

  constructor(url: string, client: pg.Client, drop: () => Promise<void>) {
    this.url = url;
    this.#client = client;
    this.#drop = drop;
  }

  static async create(server: string, schema: string): Promise<Database> {
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    const name = `bench_${randomUUID().slice(0, 8)}`;
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    if (schema !== '') await client.query(schema);
    return new Database(url.href, client, async () => {
      await client.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    });
  }

  /** Rows that fulfil a condition. */
  async count(table: string, condition: string): Promise<number> {
    const { rows } = await this.#client.query<{ n: string }>(
      `SELECT count(*) AS n FROM ${table} WHERE ${condition}`,
    );
    return Number(rows[0]?.n ?? 0);
  }

  /** Transactions in this database so far, of programs that have ended: those alive report late. */
  async transactions(): Promise<number> {
    const { rows } = await this.#client.query<{ n: string }>(
      'SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(rows[0]?.n ?? 0);
  }

  drop(): Promise<void> {
    return this.#drop();
  }
}
