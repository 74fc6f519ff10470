import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '../../src/embedded/postgres/index.js';
import { type SqsServerOptions, startSqsServer } from '../../src/embedded/sqs/index.js';
import { migrationsSql } from '../../src/platform/index.js';
import { resultSchemaSql } from '../../src/results/postgres/index.js';
import { DJANGO_TABLES } from '../../test/support/django-tables.js';
import { createVhost, hasRabbitmq } from '../../test/support/rabbitmq.js';
import { startRedis } from '../../test/support/redis.js';
import { Database } from './database.js';
import type { TransportName } from './row.js';

/** A broker for one row, of its own. */
export interface BrokerPlace {
  readonly url: string;
  /** `broker_transport_options`. */
  readonly options: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** Seconds a message is held before the broker gives it to another: short, so that a row need not wait for it long. */
export const LEASE_SECONDS = 5;

const SCHEMA = `${resultSchemaSql()}\n${migrationsSql()}`;

export interface OwnPostgres {
  readonly database: Database;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** What the rows run against: a broker for each row, a database for each row on one server. */
export class Servers {
  #postgres: Promise<EmbeddedPostgres> | undefined;

  /** What is missing on this machine for that broker, in words. */
  static missing(transport: TransportName): string | undefined {
    return transport === 'rabbitmq' && !hasRabbitmq()
      ? 'RabbitMQ: set WORKERTOOLBOX_TEST_AMQP_URL and WORKERTOOLBOX_TEST_AMQP_API'
      : undefined;
  }

  async broker(transport: TransportName, sqs: SqsServerOptions = {}): Promise<BrokerPlace> {
    switch (transport) {
      case 'rabbitmq': {
        const vhost = await createVhost();
        return { url: vhost.url, options: {}, remove: () => vhost.remove() };
      }
      case 'redis': {
        const server = await startRedis();
        return {
          url: server.url,
          options: { visibility_timeout: LEASE_SECONDS },
          remove: () => server.kill(),
        };
      }
      case 'sqs': {
        const server = await startSqsServer(sqs);
        return {
          url: `sqs://key:secret@127.0.0.1:${server.port}`,
          options: { region: 'us-east-1', visibility_timeout: LEASE_SECONDS, wait_time_seconds: 1 },
          remove: () => server.close(),
        };
      }
    }
  }

  /** An empty database with the tables of results and platform; with `foreignKeys`, Django's. */
  async database({ foreignKeys = false } = {}): Promise<Database> {
    this.#postgres ??= startPostgres();
    const { url } = await this.#postgres;
    return Database.create(url, foreignKeys ? `${DJANGO_TABLES}\n${migrationsSql()}` : SCHEMA);
  }

  /** A PostgreSQL server of a row's own, that can be stopped and started. */
  async ownPostgres(): Promise<OwnPostgres> {
    const dataDir = mkdtempSync(join(tmpdir(), 'chaos-postgres-'));
    rmSync(dataDir, { recursive: true });
    let running = await startPostgres({ dataDir });
    const { port, url } = running;
    return {
      database: await Database.create(url, SCHEMA),
      stop: () => running.stop(),
      start: async () => {
        running = await startPostgres({ dataDir, port });
      },
      remove: async () => {
        await running.stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  }

  async close(): Promise<void> {
    await (await this.#postgres)?.stop();
  }
}
