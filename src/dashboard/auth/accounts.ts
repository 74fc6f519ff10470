import { type Clock, hasCode, type Logger, messageOf } from '../../base/index.js';
import type { Account, AccountStore, AccountsState } from './account-store.js';
import { apiTokenHash } from './api-token.js';

/** How long a change of accounts may take to be seen by other processes. */
const FRESH_MS = 5000;
/** How long a request waits for a store that does not answer, before what was known last is used. */
const PATIENCE_MS = 700;

interface Known extends AccountsState {
  readonly tokens: ReadonlyMap<string, Account>;
  readonly users: ReadonlyMap<string, Account>;
}

/** The accounts as requests need them: a copy at most five seconds old, older only while the store is away. */
export class Accounts {
  readonly store: AccountStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #known: Known | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<Known> | undefined;

  constructor(store: AccountStore, clock: Clock, logger: Logger) {
    this.store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Rejects when the store is away and nothing is known yet: nobody is let in then. */
  async current(): Promise<Known> {
    if (this.#known !== undefined && this.#clock.monotonic() - this.#loadedAt < FRESH_MS) return this.#known;
    const loading = this.#load();
    const known = this.#known;
    if (known === undefined) return loading;
    const patience = new AbortController();
    const late = this.#clock.sleep(PATIENCE_MS, patience.signal).then(
      () => known,
      () => known,
    );
    try {
      return await Promise.race([loading, late]);
    } catch (error) {
      if (!hasCode(error, 'STORE_UNREACHABLE')) throw error;
      this.#logger.debug({ error: messageOf(error) }, 'dashboard accounts: the copy is used');
      return known;
    } finally {
      patience.abort();
    }
  }

  /** After a change of this process's own: the next request sees it. */
  forget(): void {
    this.#loadedAt = Number.NEGATIVE_INFINITY;
    this.#loading = undefined;
  }

  #load(): Promise<Known> {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  async #read(): Promise<Known> {
    try {
      const state = await this.store.load();
      const of = (kind: Account['kind']): Account[] => state.accounts.filter((one) => one.kind === kind);
      this.#known = {
        ...state,
        tokens: new Map(of('token').map((one) => [one.secret, one])),
        users: new Map(of('user').map((one) => [one.name, one])),
      };
      this.#loadedAt = this.#clock.monotonic();
      return this.#known;
    } finally {
      this.#loading = undefined;
    }
  }
}

export const tokenAccount = (known: Known, token: string): Account | undefined =>
  known.tokens.get(apiTokenHash(token));
