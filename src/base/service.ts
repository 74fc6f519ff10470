import { ToolboxError } from './errors.js';

export type ServiceState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

export interface StopOptions {
  /** Milliseconds the service may take to end what it is doing; afterwards the rest is aborted. */
  readonly deadlineMs?: number;
}

/**
 * The contract of everything that loops: worker, consumer, sync-tasks, embedded servers.
 * Stop before start, double stop, and start after a failed start are all fine; a second start while running is not.
 */
export interface Service {
  readonly state: ServiceState;
  /** Resolves when the service works; rejects when it cannot. `signal` cancels the start only. */
  start(signal?: AbortSignal): Promise<void>;
  /** Resolves when everything has ended. Never rejects for work that had to be cut off. */
  stop(options?: StopOptions): Promise<void>;
  /** Settles when the service has ended, for whatever reason; rejects when it failed. */
  readonly stopped: Promise<void>;
}

/** Thrown for an illegal call; names the state. */
export function illegalCall(what: string, state: string): ToolboxError {
  return new ToolboxError('STATE_INVALID', `${what} is not allowed in state ${state}`, { fields: { state } });
}
