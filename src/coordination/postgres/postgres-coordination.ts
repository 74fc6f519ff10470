import { type Clock, ToolboxError } from '../../base/index.js';
import { connectionSettings, Session, storeError } from '../../postgres/index.js';
import type { Coordination, CoordinationContext, LockAnswer, TurnAnswer } from '../coordination.js';
import * as sql from './statements.js';

/** Milliseconds between two looks for locks that ended and were not given back. */
const FORGET_MS = 60_000;
/** A lock that is refused and then free, or the other way round, so often in a row is no accident. */
const TRIES = 20;

/** Locks and lines in tables that `workertoolbox migrate` makes. */
export class PostgresCoordination implements Coordination {
  readonly place: string;
  readonly #session: Session;
  readonly #clock: Clock;
  #forgotAt = Number.NEGATIVE_INFINITY;

  /** @throws CONFIG_INVALID when the URL is none of PostgreSQL. */
  constructor({ url, logger, clock }: CoordinationContext) {
    const settings = connectionSettings(url, 'COORDINATION_URL');
    this.place = settings.shown;
    this.#clock = clock;
    this.#session = new Session({ what: 'coordination database', settings, logger });
  }

  async acquire(lock: string, token: string, ttlMs: number): Promise<LockAnswer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const taken = await this.#query(sql.ACQUIRE, [lock, token, ttlMs]);
      if (taken.length > 0) {
        this.#forget();
        return { held: true };
      }
      const [held] = await this.#query<{ holder: string; freeInMs: number }>(sql.HOLDER, [lock]);
      if (held !== undefined) return { held: false, ...held };
    }
    throw new ToolboxError('STORE_UNREACHABLE', `lock ${lock} in ${this.place}: it changes without a pause`);
  }

  async release(lock: string, token: string): Promise<boolean> {
    const [released] = await this.#query<{ held: boolean }>(sql.RELEASE, [lock, token]);
    return released?.held ?? false;
  }

  async turn(line: string, intervalMs: number, mostMs: number): Promise<TurnAnswer> {
    const [taken] = await this.#query<{ waitMs: number }>(sql.TURN, [line, intervalMs, mostMs]);
    if (taken !== undefined) return { taken: true, waitMs: taken.waitMs };
    const [length] = await this.#query<{ waitMs: number }>(sql.LENGTH, [line]);
    return { taken: false, waitMs: length?.waitMs ?? 0 };
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Nobody waits for it, and nothing is wrong when it fails. */
  #forget(): void {
    const now = this.#clock.monotonic();
    if (now - this.#forgotAt < FORGET_MS) return;
    this.#forgotAt = now;
    this.#query(sql.FORGET, []).catch(() => undefined);
  }

  async #query<R extends Record<string, unknown>>(
    text: string,
    values: readonly unknown[],
  ): Promise<readonly R[]> {
    try {
      return (await this.#session.query<R>({ text, values: [...values] })).rows;
    } catch (error) {
      throw storeError(error, this.place, 'coordination database');
    }
  }
}
