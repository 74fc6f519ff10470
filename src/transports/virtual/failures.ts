import { hasCode, messageOf, ToolboxError } from '../../base/index.js';

/** True when trying again may help. */
export const isTransient = (error: unknown): boolean =>
  hasCode(error, 'BROKER_UNREACHABLE') && error.fields.transient !== false;

/** True when asking again for a held message is of no use. Missing rights or a broken line may come right in time. */
export const isGone = (error: unknown): boolean =>
  hasCode(error, 'LEASE_LOST') || hasCode(error, 'NOT_DECLARED');

/** A store's failure as a ToolboxError; anything a store did not translate counts as unreachable. */
export const asFailure = (error: unknown): ToolboxError =>
  error instanceof ToolboxError
    ? error
    : new ToolboxError('BROKER_UNREACHABLE', `the broker call failed: ${messageOf(error)}`, { cause: error });

export const leaseLost = (queue: string, why: string): ToolboxError =>
  new ToolboxError('LEASE_LOST', `a message of queue "${queue}" is no longer held: ${why}`, {
    fields: { queue },
  });

export const aborted = (what: string, signal: AbortSignal): ToolboxError =>
  new ToolboxError('ABORTED', `${what} was given up by its caller`, { cause: signal.reason });

/** Resolves or rejects with `work`, or rejects with ABORTED as soon as `signal` is aborted. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(aborted(what, signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
