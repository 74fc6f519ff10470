import type { Settings } from '../../app/index.js';
import { backoffMs, type Clock, type ErrorCode, hasCode, type Logger, messageOf } from '../../base/index.js';

export interface FirstConnectionOptions {
  readonly what: string;
  /** The error that says: not now, perhaps later. */
  readonly away: ErrorCode;
  readonly conf: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Opens a connection at start: tried again while the peer cannot be reached, as `broker_connection_retry_on_startup` and
 * `broker_connection_max_retries` lay down (null or 0: for ever). Any other refusal is thrown at once, and so is an error
 * that says of itself that waiting does not help (`fields.transient` false).
 */
export async function firstConnection<T>(
  open: (signal: AbortSignal) => Promise<T>,
  { what, away, conf, clock, logger, signal }: FirstConnectionOptions,
): Promise<T> {
  const again = conf.broker_connection_retry_on_startup ?? conf.broker_connection_retry;
  const most = conf.broker_connection_max_retries || Number.POSITIVE_INFINITY;
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await open(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!again || attempt >= most || !hasCode(error, away) || error.fields.transient === false) throw error;
      logger.warn({ what, attempt, error: messageOf(error) }, 'not there yet: trying again');
    }
    await clock.sleep(backoffMs(attempt, { maxMs: 10_000 }), signal);
  }
}
