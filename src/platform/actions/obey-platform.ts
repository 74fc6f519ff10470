import { deferred, type Logger, messageOf } from '../../base/index.js';
import type { Queue } from '../../messaging/index.js';
import type { Worker, WorkerExtension } from '../../worker/index.js';
import type { Database } from '../store/database.js';

export interface ObeyPlatformOptions {
  readonly database: Database;
  /** Seconds between two looks. Default 2. */
  readonly interval?: number;
}

/** As long as workers keep what is revoked. */
const REVOKED = `SELECT task_id, terminate, signal, at::text FROM workertoolbox.revoked_task
  WHERE at > greatest($1::timestamptz - interval '10 seconds', now() - interval '3 hours')`;
const PAUSED = 'SELECT queue FROM workertoolbox.paused_queue';

interface RevokedRow {
  readonly task_id: string;
  readonly terminate: boolean;
  readonly signal: string | null;
  readonly at: string;
}

/**
 * Makes a worker obey what was decided on the platform, on any broker: it looks at the tables of paused queues and revoked
 * tasks, before it takes its first message and every two seconds. While the database is away it goes on as before.
 */
export function obeyPlatform({ database, interval = 2 }: ObeyPlatformOptions): WorkerExtension {
  return {
    name: 'platform',
    async start({ worker, logger, clock }) {
      const flags = new Flags(worker, database, logger);
      const stop = new AbortController();
      await flags.look();
      const looking = (async () => {
        while (!stop.signal.aborted) {
          await clock.sleep(interval * 1000, stop.signal).catch(() => undefined);
          if (!stop.signal.aborted) await flags.look();
        }
      })();
      const overdue = deferred();
      return {
        provides: undefined,
        stop: async () => {
          stop.abort();
          const cancel = clock.after(2000, overdue.resolve);
          await Promise.race([looking, overdue.promise]);
          cancel();
        },
        info: () => ({ paused: flags.paused }),
      };
    },
  };
}

/** What the tables say, as far as a worker has followed it. */
class Flags {
  readonly #worker: Worker;
  readonly #database: Database;
  readonly #logger: Logger;
  /** Queues this worker would consume from. */
  readonly #paused = new Map<string, Queue>();
  readonly #revoked = new Set<string>();
  #since = '-infinity';
  #away = false;

  constructor(worker: Worker, database: Database, logger: Logger) {
    this.#worker = worker;
    this.#database = database;
    this.#logger = logger;
  }

  get paused(): readonly string[] {
    return [...this.#paused.keys()];
  }

  /** Never rejects. */
  async look(): Promise<void> {
    try {
      const paused = await this.#database.query<{ queue: string }>({
        name: 'workertoolbox-paused',
        text: PAUSED,
      });
      // Asked for later and done first: what was revoked before a queue goes on is known when it does.
      await this.#revoke(
        await this.#database.query<RevokedRow & Record<string, unknown>>({
          name: 'workertoolbox-revoked',
          text: REVOKED,
          values: [this.#since],
        }),
      );
      await this.#pause(new Set(paused.map(({ queue }) => queue)));
      this.#away = false;
    } catch (error) {
      if (!this.#away)
        this.#logger.warn({ error: messageOf(error) }, 'what the platform decides is not known at present');
      this.#away = true;
    }
  }

  async #pause(wanted: ReadonlySet<string>): Promise<void> {
    for (const queue of this.#worker.queues.filter(({ name }) => wanted.has(name))) {
      await this.#worker.cancelQueue(queue.name);
      this.#paused.set(queue.name, queue);
      this.#logger.warn({ queue: queue.name }, 'queue paused by the platform');
    }
    for (const [name, queue] of this.#paused) {
      if (wanted.has(name)) continue;
      await this.#worker.addQueue(queue);
      this.#paused.delete(name);
      this.#logger.info({ queue: name }, 'queue goes on');
    }
  }

  /** Rows that were committed late have an earlier time than others: some are looked at twice. */
  async #revoke(rows: readonly RevokedRow[]): Promise<void> {
    for (const how of [false, true]) {
      const fresh = rows.filter(
        ({ task_id, terminate, at }) => terminate === how && !this.#revoked.has(`${task_id} ${at}`),
      );
      if (fresh.length === 0) continue;
      const signal = fresh[0]?.signal as NodeJS.Signals | null | undefined;
      await this.#worker.revoke(
        fresh.map(({ task_id }) => task_id),
        { terminate: how, ...(signal && { signal }) },
      );
      for (const { task_id, at } of fresh) {
        this.#revoked.add(`${task_id} ${at}`);
        if (at > this.#since || this.#since === '-infinity') this.#since = at;
      }
    }
  }
}
