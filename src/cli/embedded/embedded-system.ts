import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from '../../base/index.js';
import { startPostgres } from '../../embedded/postgres/index.js';
import { startSqsServer } from '../../embedded/sqs/index.js';
import { grantWorkerSql } from '../../results/postgres/index.js';
import { migrateDatabase, withClient } from '../database-admin.js';

export interface EmbeddedOptions {
  /** Folder that keeps queues and tables between starts. Default: nothing is kept. */
  readonly dataDir?: string;
  readonly logger: Logger;
}

/** A broker and a database of this machine's own, ready for use. */
export interface EmbeddedSystem {
  /** `broker_url` for every program. */
  readonly broker: string;
  /** `result_backend` for workers and producers: a role that may touch the result table only. */
  readonly resultBackend: string;
  /** The platform's own connection. */
  readonly database: string;
  stop(): Promise<void>;
}

const DATABASE = 'cadasta';
const ROLE = 'cadasta_worker';

/**
 * Starts the SQS-compatible server and PostgreSQL on loopback, with tables and a least-privileged role, as they would be in
 * production. @throws DRIVER_MISSING, EMBEDDED_FAILED
 */
export async function startEmbeddedSystem({ dataDir, logger }: EmbeddedOptions): Promise<EmbeddedSystem> {
  const folder = (name: string): { dataDir?: string } =>
    dataDir === undefined ? {} : { dataDir: join(dataDir, name) };
  const postgres = await startPostgres({ ...folder('postgres'), database: DATABASE, logger });
  try {
    await migrateDatabase(postgres.url);
    const resultBackend = await workerUrl(postgres.url);
    const sqs = await startSqsServer({ ...folder('sqs'), logger });
    return {
      broker: `sqs://embedded:embedded@127.0.0.1:${sqs.port}`,
      resultBackend,
      database: postgres.url,
      stop: async () => {
        await Promise.allSettled([sqs.close(), postgres.stop()]);
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** The worker role gets a new password with every start: nobody has to keep one. */
async function workerUrl(owner: string): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  await withClient(owner, async (client) => {
    await client.query(grantWorkerSql({ role: ROLE, database: DATABASE, create: true }));
    await client.query(
      `ALTER ROLE ${pg.escapeIdentifier(ROLE)} WITH LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    );
  });
  const url = new URL(owner);
  return `db+postgresql://${ROLE}:${password}@${url.host}/${DATABASE}`;
}
