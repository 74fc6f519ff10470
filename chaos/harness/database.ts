import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A database of a row's own. Every question has a connection of its own: the server may go away in between. */
export class Database {
  readonly url: string;
  readonly #drop: () => Promise<unknown>;

  private constructor(url: string, drop: () => Promise<unknown>) {
    this.url = url;
    this.#drop = drop;
  }

  /** An empty database with that schema on the server at `server`. */
  static async create(server: string, schema: string): Promise<Database> {
    const name = `chaos_${randomUUID().slice(0, 8)}`;
    await ask(server, `CREATE DATABASE ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    await ask(url.href, schema);
    return new Database(url.href, () => ask(server, `DROP DATABASE ${name} WITH (FORCE)`));
  }

  async rows<T extends pg.QueryResultRow>(query: string): Promise<readonly T[]> {
    return (await ask(this.url, query)).rows as T[];
  }

  async count(table: string): Promise<number> {
    const [row] = await this.rows<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
    return Number(row?.n ?? 0);
  }

  async drop(): Promise<void> {
    await this.#drop();
  }
}

async function ask(url: string, query: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(query);
  } finally {
    await client.end().catch(() => undefined);
  }
}
