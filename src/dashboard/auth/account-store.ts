import type { Role } from '../../platform/index.js';

/** Somebody who may sign in: a person with a password, or a program with a token. */
export interface Account {
  readonly kind: 'user' | 'token';
  readonly name: string;
  readonly role: Role;
  /** Hash of the password or token. */
  readonly secret: string;
  /** ISO 8601. */
  readonly created: string;
}

/** All there is to know for judging a request. */
export interface AccountsState {
  readonly accounts: readonly Account[];
  /** Signs session cookies. */
  readonly key: string;
  /** Sessions ended before their time. */
  readonly ended: ReadonlySet<string>;
}

/** Where accounts are kept. Programs that share a store share users, tokens and sessions. */
export interface AccountStore {
  /** For people: `users.json`, or the database. */
  readonly place: string;
  load(): Promise<AccountsState>;
  /** Adds or replaces. */
  put(account: Account): Promise<void>;
  /** False when there was none. */
  remove(kind: Account['kind'], name: string): Promise<boolean>;
  /** `until`: milliseconds since 1970, when the session would have ended by itself. */
  endSession(id: string, until: number): Promise<void>;
}
