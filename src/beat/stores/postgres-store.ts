import type { Logger } from '../../base/index.js';
import { connectionSettings, Session, storeError } from '../../postgres/index.js';
import { type BeatEntry, type Entry, readEntry } from '../entries/index.js';
import type { Claim, EntryStore, Lead, Leadership, StoredEntry } from './entry-store.js';
import * as sql from './postgres-statements.js';
import { BEAT_CHANNEL } from './postgres-tables.js';

export interface PostgresStoreOptions {
  /** As `result_backend`: `db+postgresql://…`, or PostgreSQL's own form. */
  readonly url: string;
  /** Whose entries: one database may have those of several apps. */
  readonly app: string;
  readonly logger: Logger;
}

type Stored = Omit<StoredEntry, 'pending'> & { readonly tick: number | null; readonly taskId: string | null };

/**
 * Entries in PostgreSQL, in tables that `workertoolbox migrate` makes. The database's clock judges the lead; whoever may
 * write the tables may change entries, which beat hears of at once.
 */
export class PostgresEntryStore implements EntryStore {
  readonly place: string;
  readonly #app: string;
  readonly #session: Session;
  readonly #watchers = new Set<() => void>();
  #listening = false;

  /** @throws CONFIG_INVALID when the URL is none of PostgreSQL. */
  constructor({ url, app, logger }: PostgresStoreOptions) {
    const settings = connectionSettings(url, 'the store of beat');
    this.place = settings.shown;
    this.#app = app;
    this.#session = new Session({
      what: 'schedule database',
      settings,
      logger,
      preamble: () => (this.#listening ? `LISTEN ${BEAT_CHANNEL};` : ''),
      // What was announced meanwhile was missed.
      onOpen: () => this.#tell(),
      onNotification: (changed) => changed === app && this.#tell(),
    });
  }

  async lead(holder: string, ttlMs: number): Promise<Leadership> {
    const [taken] = await this.#query<Lead & Row>(sql.TAKE_LEAD, [holder, ttlMs]);
    if (taken !== undefined) return { leading: true, ...taken };
    const [left] = await this.#query<{ free: number }>(sql.LEAD_LEFT, []);
    return { leading: false, freeInMs: left?.free ?? 0 };
  }

  async resign({ token }: Lead): Promise<void> {
    await this.#query(sql.RESIGN, [token]);
  }

  async configure(entries: ReadonlyMap<string, Entry>, { token }: Lead): Promise<void> {
    const named = [...entries].map(([name, entry]) => ({ name, ...entry }));
    await this.#query(sql.CONFIGURE, [token, JSON.stringify(named)]);
    await this.#query(sql.FORGET_OTHERS, [token, [...entries.keys()]]);
  }

  async load(): Promise<readonly StoredEntry[]> {
    const rows = await this.#query<Stored & Row>(sql.LOAD, []);
    return rows.map(({ tick, taskId, ...entry }) => ({
      ...entry,
      pending: tick === null || taskId === null ? null : { tick, taskId },
    }));
  }

  async claim(claims: readonly Claim[], { token }: Lead): Promise<ReadonlySet<string>> {
    const flat = claims.map(({ pending, ...claim }) => ({ ...claim, ...pending }));
    const held = await this.#query<{ name: string }>(sql.CLAIM, [token, JSON.stringify(flat)]);
    return new Set(held.map(({ name }) => name));
  }

  async settle(taskIds: readonly string[], at: number, { token }: Lead): Promise<void> {
    await this.#query(sql.SETTLE, [token, taskIds, at]);
  }

  async put(name: string, entry: BeatEntry): Promise<void> {
    await this.#query(sql.PUT, [JSON.stringify([{ name, ...readEntry(name, entry) }])]);
  }

  async remove(name: string): Promise<boolean> {
    const rows = await this.#query(`${sql.REMOVE} RETURNING name`, [name]);
    return rows.length > 0;
  }

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    if (!this.#listening) {
      this.#listening = true;
      // A connection that fails listens when it is opened again.
      this.#session.query({ text: `LISTEN ${BEAT_CHANNEL}` }).catch(() => undefined);
    }
    return () => void this.#watchers.delete(onChange);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  async #query<R extends Row>(text: string, values: readonly unknown[]): Promise<readonly R[]> {
    try {
      return (await this.#session.query<R>({ text, values: [this.#app, ...values] })).rows;
    } catch (error) {
      throw storeError(error, this.place, 'schedule database');
    }
  }
}

/** As the driver gives rows. */
type Row = Record<string, unknown>;
