import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { getCookie } from 'hono/cookie';
import type { Clock, Logger } from '../../base/index.js';
import type { Role } from '../../platform/index.js';
import type { DashboardContext } from '../http/environment.js';
import { ProblemError } from '../http/problem.js';
import { RateLimit } from '../http/rate-limit.js';
import type { Account, AccountStore } from './account-store.js';
import { Accounts, tokenAccount } from './accounts.js';
import { fitsPassword } from './password.js';
import type { Principal } from './principal.js';
import { type ProxySignIn, proxyPrincipal } from './proxy-sign-in.js';
import { newSession, readSession, SESSION_COOKIE } from './session-cookie.js';

/** Sign-in done by the program the dashboard is mounted in. Undefined: this request is nobody's. */
export type HostSignIn = (request: IncomingMessage) => SignedIn | undefined | Promise<SignedIn | undefined>;
export interface SignedIn {
  readonly user: string;
  readonly role: Role;
}

export interface GateOptions {
  readonly store: AccountStore;
  readonly proxy?: ProxySignIn | undefined;
  readonly host?: HostSignIn | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const TRIES = 10;
const TRIES_MS = 60_000;
const REMEMBERED_MS = 60_000;

/** Says who asks: by session, API token, password, proxy, the host program, or, as long as nobody else can, this machine. */
export class Gate {
  readonly accounts: Accounts;
  readonly #options: GateOptions;
  readonly #tries: RateLimit;
  readonly #memoryKey = randomBytes(32);
  /** Passwords found right lately (by keyed hash): programs send them with every request, and scrypt is meant to be slow. */
  readonly #fitting = new Map<string, number>();

  constructor(options: GateOptions) {
    this.#options = options;
    this.accounts = new Accounts(options.store, options.clock, options.logger);
    this.#tries = new RateLimit(TRIES, TRIES_MS, options.clock);
  }

  /** True as long as there is no way to sign in: this machine's own users are let in, and nobody else. */
  async open(): Promise<boolean> {
    const { proxy, host } = this.#options;
    return proxy === undefined && host === undefined && (await this.accounts.current()).accounts.length === 0;
  }

  async principal(c: DashboardContext): Promise<Principal | undefined> {
    const authorization = c.req.header('authorization');
    if (authorization !== undefined) return this.#byCredential(authorization, c);
    return (await this.#byHost(c)) ?? this.#byProxy(c) ?? (await this.#bySession(c)) ?? this.#byMachine(c);
  }

  /** Checks a password. @throws SIGN_IN_FAILED, TOO_MANY_TRIES */
  async signIn(user: string, password: string, address: string): Promise<Account> {
    // Both count: one address that tries many names, and many addresses that try one name.
    const keys = [`address ${address}`, `user ${user}`];
    const wait = Math.max(...keys.map((key) => this.#tries.take(key)));
    if (wait > 0)
      throw new ProblemError(429, 'TOO_MANY_TRIES', `too many wrong passwords: wait ${wait} s`, {
        headers: { 'retry-after': String(wait) },
      });
    const account = (await this.accounts.current()).users.get(user);
    if (!(await fitsPassword(password, account?.secret)) || account === undefined) {
      this.#options.logger.warn({ user, address }, 'dashboard: a sign-in failed');
      throw new ProblemError(401, 'SIGN_IN_FAILED', 'user or password is wrong');
    }
    for (const key of keys) this.#tries.giveBack(key);
    return account;
  }

  async session(account: Account): Promise<{ value: string; until: number }> {
    return newSession(account, (await this.accounts.current()).key, this.#options.clock.now());
  }

  async endSession({ id, until }: { readonly id: string; readonly until: number }): Promise<void> {
    await this.accounts.store.endSession(id, until);
    this.accounts.forget();
  }

  async #byCredential(authorization: string, c: DashboardContext): Promise<Principal | undefined> {
    const [, scheme = '', value = ''] = /^(\w+) +(\S+)\s*$/.exec(authorization) ?? [];
    if (scheme.toLowerCase() === 'bearer') {
      const account = tokenAccount(await this.accounts.current(), value);
      return account && { user: account.name, role: account.role, via: 'token' };
    }
    if (scheme.toLowerCase() !== 'basic') return undefined;
    const [user = '', ...rest] = Buffer.from(value, 'base64').toString().split(':');
    return this.#byPassword(user, rest.join(':'), c.var.client.address);
  }

  async #byPassword(user: string, password: string, address: string): Promise<Principal> {
    const { clock } = this.#options;
    const kept = (await this.accounts.current()).users.get(user);
    const key = createHmac('sha256', this.#memoryKey)
      .update(JSON.stringify([user, password, kept?.secret]))
      .digest('base64url');
    if (kept !== undefined && (this.#fitting.get(key) ?? 0) > clock.monotonic())
      return { user, role: kept.role, via: 'password' };
    const account = await this.signIn(user, password, address);
    if (this.#fitting.size >= 1000) this.#fitting.clear();
    this.#fitting.set(key, clock.monotonic() + REMEMBERED_MS);
    return { user, role: account.role, via: 'password' };
  }

  async #byHost(c: DashboardContext): Promise<Principal | undefined> {
    const found = await this.#options.host?.(c.env.incoming);
    return found && { user: found.user, role: found.role, via: 'host' };
  }

  #byProxy(c: DashboardContext): Principal | undefined {
    const { proxy } = this.#options;
    if (proxy === undefined || !c.var.client.proxied) return undefined;
    return proxyPrincipal((name) => c.req.header(name), proxy);
  }

  async #bySession(c: DashboardContext): Promise<Principal | undefined> {
    const value = getCookie(c, SESSION_COOKIE);
    if (value === undefined) return undefined;
    return readSession(value, await this.accounts.current(), this.#options.clock.now());
  }

  async #byMachine(c: DashboardContext): Promise<Principal | undefined> {
    return c.var.client.local && (await this.open())
      ? { user: 'local', role: 'admin', via: 'local' }
      : undefined;
  }
}
