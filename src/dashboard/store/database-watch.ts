import { type Clock, hasCode, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { Database } from '../../platform/index.js';

/** A question that takes so long makes us ask whether the database is there at all. */
const SUSPICIOUS_MS = 250;
/** How long the database may take to say so. */
const PROBE_MS = 500;
const AGAIN_MS = 1000;
/** The driver gives a silent connection up as well, and the next look takes another. */
const PROBE = { text: 'SELECT 1', query_timeout: PROBE_MS };

/**
 * Keeps requests from waiting for a database that is away: a slow answer is waited for as long as the database says that it is
 * there. While it is away questions fail at once, and it is looked at every second.
 */
export class DatabaseWatch {
  readonly #probe: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Why it is away; undefined while it is there. */
  #away: Error | undefined;
  /** Questions that wait, to be told when it is away. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #looking: Promise<boolean> | undefined;
  #cancel: (() => void) | undefined;
  #closed = false;

  /** `probe` has a connection of its own: busy ones say nothing. */
  constructor(probe: Database, clock: Clock, logger: Logger) {
    this.#probe = probe;
    this.#clock = clock;
    this.#logger = logger;
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** Rejects with STORE_UNREACHABLE as soon as the database is known to be away. */
  async guard<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#away !== undefined) throw this.#away;
    const cancel = this.#clock.after(SUSPICIOUS_MS, () => void this.look());
    let giveUp: (reason: Error) => void = () => {};
    const away = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#waiting.add(giveUp);
    try {
      return await Promise.race([ask(), away]);
    } catch (error) {
      if (hasCode(error, 'STORE_UNREACHABLE')) void this.look();
      throw error;
    } finally {
      cancel();
      this.#waiting.delete(giveUp);
    }
  }

  /** Is it there? One look at a time. */
  look(): Promise<boolean> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  async #ask(): Promise<boolean> {
    const patience = new AbortController();
    const late = this.#clock.sleep(PROBE_MS, patience.signal).then(async () => {
      // A busy process may have the answer without having read it.
      await new Promise((resolve) => setImmediate(resolve));
      throw new ToolboxError('STORE_UNREACHABLE', `platform database ${this.#probe.url}: no answer`);
    });
    late.catch(() => undefined);
    try {
      await Promise.race([this.#probe.query(PROBE), late]);
      if (this.isAway) this.#logger.info({ database: this.#probe.url }, 'dashboard: the database is back');
      this.#away = undefined;
      return true;
    } catch (error) {
      // Refused, it is there and says no: the question itself will tell.
      if (!hasCode(error, 'STORE_UNREACHABLE')) return true;
      if (!this.isAway) this.#logger.warn({ error: messageOf(error) }, 'dashboard: the database is away');
      this.#away = error;
      for (const giveUp of this.#waiting) giveUp(error);
      if (!this.#closed) this.#cancel = this.#clock.after(AGAIN_MS, () => void this.look());
      return false;
    } finally {
      patience.abort();
    }
  }
}

/** A database whose questions fail at once while it is away. */
export const watched = (database: Database, watch: DatabaseWatch): Database => ({
  ...database,
  query: (query) => watch.guard(() => database.query(query)),
});
