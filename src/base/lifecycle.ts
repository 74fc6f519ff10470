import { deferred } from './deferred.js';
import { illegalCall, type ServiceState } from './service.js';

/** Twelve days: the timer is there, and hardly ever fires. */
const HOLD_MS = 2 ** 30;

/**
 * A service's state with its one setter, and the promise of its end. From start to end it keeps the process alive: what a
 * service waits with (leases, polls) does not, and a program that only starts a worker must not end by itself.
 */
export class Lifecycle {
  #state: ServiceState = 'idle';
  #stopped = deferred();
  #hold: NodeJS.Timeout | undefined;
  readonly #what: string;
  readonly #onChange: (to: ServiceState, from: ServiceState) => void;

  constructor(what: string, onChange: (to: ServiceState, from: ServiceState) => void = () => {}) {
    this.#what = what;
    this.#onChange = onChange;
  }

  get state(): ServiceState {
    return this.#state;
  }

  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Enters `starting`; throws STATE_INVALID while the service is starting, running or stopping. */
  begin(): void {
    if (this.#state === 'starting' || this.#state === 'running' || this.#state === 'stopping') {
      throw illegalCall(`${this.#what}.start()`, this.#state);
    }
    if (this.#state !== 'idle') this.#stopped = deferred();
    this.#hold = setInterval(() => {}, HOLD_MS);
    this.#set('starting');
  }

  running(): void {
    this.#set('running');
  }

  stopping(): void {
    this.#set('stopping');
  }

  ended(): void {
    clearInterval(this.#hold);
    this.#set('stopped');
    this.#stopped.resolve();
  }

  failed(error: unknown): void {
    clearInterval(this.#hold);
    this.#set('failed');
    // Whoever does not look at `stopped` has the rejection of `start` already.
    this.#stopped.promise.catch(() => {});
    this.#stopped.reject(error);
  }

  #set(to: ServiceState): void {
    const from = this.#state;
    this.#state = to;
    this.#onChange(to, from);
  }
}
