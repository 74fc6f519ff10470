import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../src/base/index.js';
import { createSyncTasks, postgresDatabase } from '../../src/platform/index.js';
import { type ChaosApp, chaosApp } from '../children/chaos-app.js';
import type { DeathPoint } from '../children/deaths.js';
import { type Audit, audit } from './audit.js';
import type { Database } from './database.js';
import { Fleet } from './fleet.js';
import { Ledger, type LedgerView } from './ledger.js';
import type { TransportName } from './row.js';
import type { BrokerPlace, Servers } from './servers.js';

export interface SystemOptions {
  readonly workers?: number;
  readonly concurrency?: number;
  /** Further settings of the app, for producer and workers. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** False: the row records the scheduled tasks itself. */
  readonly recorder?: boolean;
  /** Further options of the workers. */
  readonly worker?: Readonly<Record<string, unknown>>;
  /** Where the workers kill themselves, once for each task. */
  readonly dies?: DeathPoint;
  /** What the row has made itself. */
  readonly broker?: BrokerPlace;
  readonly database?: Database;
}

/** Milliseconds without any task coming to its end after which a row is given up. */
const STALLED_MS = 45_000;
const LOOK_MS = 100;

interface Parts {
  readonly producer: ChaosApp;
  readonly fleet: Fleet;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly closing: (() => unknown)[];
  readonly concurrency: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One row's system: broker, database, recorder, producer, workers, and the ledger beside them. */
export class ChaosSystem {
  readonly producer: ChaosApp;
  readonly fleet: Fleet;
  readonly database: Database;
  readonly accepted: string[] = [];
  readonly #ledger: Ledger;
  readonly #closing: (() => unknown)[];
  readonly concurrency: number;
  /** Of the app, for further programs of the row. */
  readonly settings: Readonly<Record<string, unknown>>;

  private constructor(parts: Parts) {
    this.producer = parts.producer;
    this.fleet = parts.fleet;
    this.database = parts.database;
    this.concurrency = parts.concurrency;
    this.settings = parts.settings;
    this.#ledger = parts.ledger;
    this.#closing = parts.closing;
  }

  static async start(
    servers: Servers,
    transport: TransportName,
    {
      workers = 2,
      concurrency = 4,
      settings = {},
      worker = {},
      recorder: records = true,
      dies,
      broker,
      database: given,
    }: SystemOptions = {},
  ): Promise<ChaosSystem> {
    const closing: (() => unknown)[] = [];
    const place = broker ?? (await servers.broker(transport));
    closing.push(() => place.remove());
    const database = given ?? (await servers.database());
    if (given === undefined) closing.push(() => database.drop());
    const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const ledger = new Ledger(join(folder, 'ledger'));
    ledger.create();
    const all = {
      broker_url: place.url,
      broker_transport_options: place.options,
      result_backend: `db+${database.url}`,
      task_acks_late: true,
      ...settings,
    };
    const producer = chaosApp(all, ledger.path);
    closing.push(() => producer.app.close());
    if (records) await startRecorder(all, ledger.path, database.url, closing);
    const fleet = new Fleet({
      settings: all,
      ledger: ledger.path,
      options: { concurrency, ...worker },
      quarantine: database.url,
      ...(dies && { dies }),
    });
    closing.push(() => fleet.close());
    const system = new ChaosSystem({
      producer,
      fleet,
      database,
      ledger,
      closing,
      concurrency,
      settings: all,
    });
    try {
      await fleet.grow(workers);
      if (dies !== undefined) fleet.keep();
    } catch (error) {
      await system.close();
      throw error;
    }
    return system;
  }

  /** Sends `count` tasks of 5 to 50 ms; resolves when the broker has them all. */
  async produce(count: number, ms: (n: number) => number = (n) => 5 + ((n * 7) % 46)): Promise<void> {
    const sent = Array.from({ length: count }, async (_, n) => {
      this.accepted.push((await this.producer.work.delay(n, ms(n))).id);
    });
    await Promise.all(sent);
  }

  /** Sends one call, and keeps what it is to be judged by. */
  async send(call: () => Promise<{ readonly id: string }>): Promise<string> {
    const { id } = await call();
    this.accepted.push(id);
    return id;
  }

  get ledgerPath(): string {
    return this.#ledger.path;
  }

  ledgerNow(): LedgerView {
    return this.#ledger.read();
  }

  /** Waits until so many tasks have come to their end. */
  completed(count: number): Promise<void> {
    return this.#until(
      async () => this.#ledger.read().completed,
      (now) => now >= count,
    );
  }

  /** Waits until so many tasks have begun. */
  begun(count: number): Promise<void> {
    return this.#until(
      async () => this.#ledger.read().begun,
      (now) => now >= count,
    );
  }

  /** Waits until every accepted task has a row of its scheduling. */
  tracked(): Promise<void> {
    return this.#until(
      async () => -(await this.audit()).untracked.length,
      (now) => now === 0,
    );
  }

  /** Waits until every accepted task has a terminal row and a row of its scheduling, or nothing moves any more. */
  async settled(): Promise<Audit> {
    const open = async (): Promise<number> => {
      const { lost, untracked } = await this.audit();
      return -(lost.length + untracked.length);
    };
    await this.#until(open, (now) => now === 0).catch(() => undefined);
    return this.audit();
  }

  /** Waits until so many messages were set aside, and tells how many the worker kept and the recorder dealt with. */
  async kept(expected: number): Promise<{ readonly work: number; readonly platform: number }> {
    const look = async (): Promise<{ readonly work: number; readonly platform: number }> => {
      const rows = await this.database.rows<{ queue: string; n: string }>(
        'SELECT queue, sum(count) AS n FROM workertoolbox.quarantine GROUP BY queue',
      );
      const of = (queue: string): number => Number(rows.find((row) => row.queue === queue)?.n ?? 0);
      const recorded = (await this.database.count('tasks_backgroundtask')) - this.accepted.length;
      return { work: of('chaos'), platform: of('platform.fifo') + recorded };
    };
    await this.#until(
      async () => Math.min((await look()).work, (await look()).platform),
      (now) => now >= expected,
    ).catch(() => undefined);
    return look();
  }

  /** Waits until so many messages of the platform queue were dealt with that were no accepted task. */
  async keptOnMonitor(expected: number): Promise<number> {
    const look = async (): Promise<number> => {
      const [row] = await this.database.rows<{ n: string | null }>(
        "SELECT sum(count) AS n FROM workertoolbox.quarantine WHERE queue = 'platform.fifo'",
      );
      return Number(row?.n ?? 0) + (await this.database.count('tasks_backgroundtask')) - this.accepted.length;
    };
    await this.#until(look, (now) => now >= expected).catch(() => undefined);
    return look();
  }

  audit(): Promise<Audit> {
    return audit(this.accepted, this.#ledger.read(), this.database);
  }

  async close(): Promise<void> {
    for (const close of this.#closing.toReversed()) await close();
  }

  async #until(look: () => Promise<number>, enough: (now: number) => boolean): Promise<void> {
    let best = Number.NEGATIVE_INFINITY;
    let since = performance.now();
    for (;;) {
      const now = await look();
      if (enough(now)) return;
      if (now > best) [best, since] = [now, performance.now()];
      if (performance.now() - since > STALLED_MS) throw new Error(`nothing moves any more: ${now}`);
      await sleep(LOOK_MS);
    }
  }
}

/** The service that records what is scheduled, in this process. */
async function startRecorder(
  settings: Readonly<Record<string, unknown>>,
  ledger: string,
  database: string,
  closing: (() => unknown)[],
): Promise<void> {
  const { app } = chaosApp(settings, ledger);
  closing.push(() => app.close());
  const store = postgresDatabase({ url: database, logger: silentLogger });
  closing.push(() => store.close());
  const sync = createSyncTasks(app, { database: store });
  await sync.start();
  closing.push(() => sync.stop());
}
