import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Deferred, silentLogger } from '../../../../src/base/index.js';
import { startSqsServer } from '../../../../src/embedded/sqs/index.js';
import { Celery, Config, createWorker, type Worker, type WorkerOptions } from '../../../../src/index.js';
import {
  Actions,
  type Actor,
  createSyncTasks,
  type Database,
  migrate,
  postgresDatabase,
  postgresQuarantine,
} from '../../../../src/platform/index.js';
import { resultSchemaSql } from '../../../../src/results/postgres/index.js';
import { execute, freshDatabase } from '../../../support/postgres.js';
import { createVhost, hasRabbitmq, NO_RABBITMQ } from '../../../support/rabbitmq.js';

export interface Place {
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

const REDIS = process.env.WORKERTOOLBOX_TEST_REDIS_URL;

/** The brokers that steering is tried on, with the reason where one is missing. */
export const PLACES: readonly { name: string; missing: string | undefined; open: () => Promise<Place> }[] = [
  {
    name: 'RabbitMQ',
    missing: hasRabbitmq() ? undefined : NO_RABBITMQ,
    open: async () => {
      const vhost = await createVhost();
      return { url: vhost.url, options: {}, remove: () => vhost.remove() };
    },
  },
  {
    name: 'Redis',
    missing: REDIS === undefined ? 'needs Redis: set WORKERTOOLBOX_TEST_REDIS_URL' : undefined,
    open: async () => ({
      url: REDIS ?? '',
      options: { global_keyprefix: `steer-${randomUUID().slice(0, 8)}:` },
      remove: async () => undefined,
    }),
  },
  {
    name: 'SQS',
    missing: undefined,
    open: async () => {
      const server = await startSqsServer();
      return {
        url: `sqs://key:secret@127.0.0.1:${server.port}`,
        options: {
          region: 'us-east-1',
          is_secure: false,
          queue_name_prefix: 'dev-',
          visibility_timeout: 20,
          wait_time_seconds: 2,
        },
        remove: () => server.close(),
      };
    },
  },
];

export const OPERATOR: Actor = { user: 'ann', role: 'operator' };
export const ADMIN: Actor = { user: 'root', role: 'admin' };

/** Waits until something holds that must come to hold. */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what = 'it',
  patienceMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

/** A platform with one broker and one database: what records, what works and what steers. */
export class SteeredSystem {
  readonly url: string;
  readonly place: Place;
  readonly database: Database;
  readonly app: Celery;
  readonly actions: Actions;
  /** How often each task began to run, by id. */
  readonly runs = new Map<string, number>();
  readonly #closing: (() => Promise<unknown>)[] = [];

  private constructor(url: string, place: Place) {
    this.url = url;
    this.place = place;
    this.database = postgresDatabase({ url, logger: silentLogger });
    this.app = this.celery();
    this.actions = new Actions({ app: this.app, database: this.database });
    this.#closing.push(
      () => place.remove(),
      () => this.database.close(),
      () => this.app.close(),
    );
  }

  static async start(place: Place): Promise<SteeredSystem> {
    const url = await freshDatabase();
    await execute(url, resultSchemaSql());
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await migrate(client);
    await client.end();
    return new SteeredSystem(url, place);
  }

  /** An app of its own connections, as another program has. */
  celery(): Celery {
    const app = new Celery('steered').configFromObject(
      new Config(
        {
          QUEUES: ['work', 'other'],
          broker_url: this.place.url,
          broker_transport_options: this.place.options,
          result_backend: `db+${this.url}`,
        },
        {},
      ),
    );
    app.task('work.add', (x: number, y: number) => {
      return x + y;
    });
    return app;
  }

  async sync(): Promise<void> {
    const app = this.celery();
    const sync = createSyncTasks(app, { database: this.database });
    this.#closing.push(
      () => app.close(),
      () => sync.stop(),
    );
    await sync.start();
  }

  /** A worker whose tasks count their runs. `work.hold` ends when it is told to, `work.fail` fails until it is told not to. */
  async worker(options: WorkerOptions = {}): Promise<Worker> {
    const app = this.celery();
    app.signals.on('task_prerun', ({ id }) => void this.runs.set(id, (this.runs.get(id) ?? 0) + 1));
    app.task('work.plus', (x: number, y: number) => x + y);
    app.task('work.hold', { bind: true }, async (task) => {
      await this.held.get(task.id)?.promise;
      return 'held';
    });
    app.task('work.fail', { bind: true, maxRetries: 0 }, () => {
      if (this.failing) throw new Error('told to fail');
      return 'well';
    });
    const worker = createWorker(app, {
      queues: ['work', 'other'],
      quarantine: postgresQuarantine(this.database),
      ...options,
    });
    this.#closing.push(
      () => app.close(),
      () => worker.stop({ deadlineMs: 0 }),
    );
    await worker.start();
    return worker;
  }

  failing = true;
  readonly held = new Map<string, Deferred<void>>();

  async rows<R extends Record<string, unknown>>(text: string, ...values: unknown[]): Promise<R[]> {
    return [...(await this.database.query<R>({ text, values }))];
  }

  async status(id: string): Promise<string> {
    const [meta] = (await (await this.app.backend())?.get([id])) ?? [];
    return meta?.status ?? 'PENDING';
  }

  async ended(id: string, wanted = 'SUCCESS'): Promise<void> {
    await until(async () => (await this.status(id)) === wanted, `${id} to be ${wanted}`);
  }

  onClose(close: () => Promise<unknown>): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close().catch(() => undefined);
  }
}
