import type { ChannelModel } from 'amqplib';
import { backoffMs, type Clock, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { Dial } from './dial.js';
import { connectionOf } from './driver.js';
import type { Heartbeats } from './heartbeats/index.js';
import { type Watchdog, watch } from './watchdog.js';

/** Longest pause between two attempts: recovery is due within 5 s after the broker answers again. */
const MAX_PAUSE_MS = 4_000;
const CLOSE_MS = 2_000;

export interface LinkListener {
  up?(model: ChannelModel): void;
  down?(cause: unknown): void;
  /** An attempt failed; `first` when there never was a connection. */
  failed?(error: unknown, first: boolean): void;
  /** The broker stops (reason) or resumes (undefined) reading what we publish. */
  blocked?(reason: string | undefined): void;
  /** Without a connection ever made, attempts go on only while someone needs it. */
  needed?(): boolean;
}

export interface LinkContext {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly heartbeatSeconds: number;
  /** Sends them while the event loop is blocked. */
  readonly heartbeats: Heartbeats;
}

/** One connection, kept: opened on demand, watched, and opened again when lost, by one attempt at a time. */
export class Link {
  readonly #context: LinkContext;
  readonly #listeners = new Set<LinkListener>();
  readonly #closing = new AbortController();
  #model: ChannelModel | undefined;
  #watchdog: Watchdog | undefined;
  #unguard: () => void = () => {};
  #attempt: Promise<ChannelModel> | undefined;
  #recovery: Promise<ChannelModel> | undefined;
  #everUp = false;
  #lastError: unknown;

  constructor(context: LinkContext) {
    this.#context = context;
  }

  /** The open connection. */
  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Why there is no connection. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Monotonic milliseconds of the broker's last bytes; 0 before the first. */
  get lastSeen(): number {
    return this.#watchdog?.lastSeen ?? 0;
  }

  listen(listener: LinkListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves with the open connection. The first one must succeed at once; a lost one is waited for. */
  open(): Promise<ChannelModel> {
    if (this.#model !== undefined) return Promise.resolve(this.#model);
    return this.#everUp ? this.recover() : this.#connect();
  }

  /** Resolves when there is a connection again, however many attempts that takes. */
  recover(): Promise<ChannelModel> {
    if (this.#model !== undefined) return Promise.resolve(this.#model);
    this.#recovery ??= this.#keepTrying().finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  /** Ends a connection that no longer answers; recovery follows. */
  drop(cause: unknown): void {
    const model = this.#model;
    if (model === undefined) return;
    this.#lastError = cause;
    // Without an error the client would not notice.
    connectionOf(model).stream?.destroy(cause instanceof Error ? cause : new Error(messageOf(cause)));
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new ToolboxError('STATE_INVALID', 'the transport is closed'));
    await this.#attempt?.catch(() => {});
    const model = this.#model;
    if (model === undefined) return;
    const patience = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => model.once('close', () => resolve())),
      model.close().catch(() => {}),
      this.#context.clock.sleep(CLOSE_MS, patience.signal).catch(() => {}),
    ]);
    patience.abort();
    connectionOf(model).stream?.destroy();
  }

  async #keepTrying(): Promise<ChannelModel> {
    const { clock, logger } = this.#context;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#connect();
      } catch (error) {
        const first = !this.#everUp;
        if (this.#closing.signal.aborted || (first && !this.#isNeeded())) throw error;
        const pauseMs = Math.round(backoffMs(attempt, { maxMs: MAX_PAUSE_MS }));
        logger.warn(
          { attempt, pauseMs, error: messageOf(error) },
          'no connection to the broker; trying again',
        );
        await clock.sleep(pauseMs, this.#closing.signal);
      }
    }
  }

  #isNeeded(): boolean {
    for (const listener of this.#listeners) if (listener.needed?.() === true) return true;
    return false;
  }

  #connect(): Promise<ChannelModel> {
    this.#attempt ??= this.#connectOnce().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  async #connectOnce(): Promise<ChannelModel> {
    try {
      const model = await this.#context.dial(this.#closing.signal);
      this.#adopt(model);
      return model;
    } catch (error) {
      this.#lastError = error;
      for (const listener of this.#listeners) listener.failed?.(error, !this.#everUp);
      throw error;
    }
  }

  #adopt(model: ChannelModel): void {
    let cause: unknown;
    model.on('error', (error) => {
      cause = error;
    });
    model.on('handler-error', (error) =>
      this.#context.logger.error({ error: messageOf(error) }, 'a handler of the AMQP client failed'),
    );
    model.once('close', (error) => this.#lost(model, error ?? cause));
    model.on('blocked', (reason) => this.#tellBlocked(reason));
    model.on('unblocked', () => this.#tellBlocked(undefined));
    const { heartbeatSeconds, heartbeats, clock } = this.#context;
    const connection = connectionOf(model);
    this.#watchdog?.stop();
    this.#watchdog = watch(connection, heartbeatSeconds, clock, () =>
      this.drop(new Error('no heartbeat from the broker')),
    );
    this.#unguard();
    this.#unguard = heartbeats.guard(connection, connection.heartbeat ?? heartbeatSeconds);
    this.#model = model;
    this.#everUp = true;
    this.#lastError = undefined;
    for (const listener of this.#listeners) listener.up?.(model);
  }

  #tellBlocked(reason: string | undefined): void {
    const { logger } = this.#context;
    if (reason === undefined) logger.info({}, 'the broker accepts messages again');
    else logger.warn({ reason }, 'the broker has stopped accepting messages');
    for (const listener of this.#listeners) listener.blocked?.(reason);
  }

  #lost(model: ChannelModel, cause: unknown): void {
    if (this.#model !== model) return;
    this.#model = undefined;
    this.#watchdog?.stop();
    this.#unguard();
    this.#lastError = cause ?? this.#lastError;
    // The client ends the socket politely, which a dead peer never answers.
    connectionOf(model).stream?.destroy();
    const closing = this.#closing.signal.aborted;
    if (!closing)
      this.#context.logger.warn({ error: messageOf(cause) }, 'the connection to the broker was lost');
    for (const listener of this.#listeners) listener.down?.(cause);
    if (!closing) this.recover().catch(() => {});
  }
}
