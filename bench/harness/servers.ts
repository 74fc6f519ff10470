import pg from 'pg';
import { startPostgres } from '../../src/embedded/postgres/index.js';
import { celeryPython } from '../../test/support/python.js';
import type { Need } from './bench-case.js';
import { Broker } from './broker.js';

/** What the cases run against: made on first use, shared by all, ended together. */
export class Servers {
  #broker: Promise<Broker> | undefined;
  #postgres: Promise<{ readonly url: string; stop(): Promise<void> }> | undefined;
  #pool: pg.Pool | undefined;

  /** What is missing on this machine for these needs, in words; undefined when nothing is. */
  static missing(needs: readonly Need[]): string | undefined {
    for (const need of needs) {
      if (need === 'rabbitmq' && brokerAddress() === undefined) {
        return 'RabbitMQ: set WORKERTOOLBOX_TEST_AMQP_URL and WORKERTOOLBOX_TEST_AMQP_API';
      }
      if (need === 'python' && celeryPython() === undefined) return 'Python with Celery: npm run python-peer';
    }
    return undefined;
  }

  broker(): Promise<Broker> {
    this.#broker ??= (async () => {
      const address = brokerAddress();
      if (address === undefined) throw new Error('no RabbitMQ');
      return Broker.create(address.amqp, address.api);
    })();
    return this.#broker;
  }

  /** A superuser's URL of a PostgreSQL server. */
  async postgresUrl(): Promise<string> {
    const given = process.env.WORKERTOOLBOX_TEST_POSTGRES_URL;
    if (given !== undefined) return given;
    this.#postgres ??= startPostgres();
    return (await this.#postgres).url;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    this.#pool ??= new pg.Pool({ connectionString: await this.postgresUrl(), max: 1 });
    return (await this.#pool.query<Record<string, unknown>>(sql)).rows;
  }

  async close(): Promise<void> {
    await this.#pool?.end();
    await (await this.#broker)?.close();
    await (await this.#postgres)?.stop();
  }
}

function brokerAddress(): { readonly amqp: string; readonly api: string } | undefined {
  const amqp = process.env.WORKERTOOLBOX_TEST_AMQP_URL;
  const api = process.env.WORKERTOOLBOX_TEST_AMQP_API;
  return amqp === undefined || api === undefined ? undefined : { amqp, api };
}
