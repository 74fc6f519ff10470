import { startPostgres } from '../../src/embedded/postgres/index.js';
import { type SqsServer, startSqsServer } from '../../src/embedded/sqs/index.js';
import { builtInBackends } from '../../src/toolbox/setup/built-in-adapters.js';
import { celeryPython } from '../../test/support/python.js';
import type { Need } from './bench-case.js';
import { Broker } from './broker.js';
import { Database } from './database.js';
import { RedisServer } from './redis.js';

/** What the cases run against: made on first use, shared by all, ended together. */
export class Servers {
  #broker: Promise<Broker> | undefined;
  #redis: Promise<RedisServer> | undefined;
  #postgres: Promise<{ readonly url: string; stop(): Promise<void> }> | undefined;
  #database: Database | undefined;
  #sqs: SqsServer | undefined;

  /** What is missing on this machine for these needs, in words; undefined when nothing is. */
  static missing(needs: readonly Need[]): string | undefined {
    for (const need of needs) {
      if (need === 'rabbitmq' && brokerAddress() === undefined) {
        return 'RabbitMQ: set WORKERTOOLBOX_TEST_AMQP_URL and WORKERTOOLBOX_TEST_AMQP_API';
      }
      if (need === 'redis' && !RedisServer.installed()) return 'Redis: apt-get install redis-server';
      if (need === 'redis-results' && !builtInBackends().has('redis')) return 'a result backend for redis://';
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

  /** The benchmark's Redis, emptied. */
  async freshRedis(): Promise<RedisServer> {
    this.#redis ??= RedisServer.start();
    const redis = await this.#redis;
    await redis.client.flushall();
    return redis;
  }

  async #postgresUrl(): Promise<string> {
    const given = process.env.WORKERTOOLBOX_TEST_POSTGRES_URL;
    if (given !== undefined) return given;
    this.#postgres ??= startPostgres();
    return (await this.#postgres).url;
  }

  /** An empty database with this schema; the one before it is dropped. */
  async freshDatabase(schema: string): Promise<Database> {
    await this.#database?.drop();
    this.#database = await Database.create(await this.#postgresUrl(), schema);
    return this.#database;
  }

  /** A new SQS server, without any queue; the one before it is ended. */
  async freshSqs(): Promise<SqsServer> {
    await this.#sqs?.close();
    this.#sqs = await startSqsServer();
    return this.#sqs;
  }

  async close(): Promise<void> {
    await this.#sqs?.close();
    await this.#database?.drop();
    await (await this.#redis)?.stop();
    await (await this.#broker)?.close();
    await (await this.#postgres)?.stop();
  }
}

function brokerAddress(): { readonly amqp: string; readonly api: string } | undefined {
  const amqp = process.env.WORKERTOOLBOX_TEST_AMQP_URL;
  const api = process.env.WORKERTOOLBOX_TEST_AMQP_API;
  return amqp === undefined || api === undefined ? undefined : { amqp, api };
}
