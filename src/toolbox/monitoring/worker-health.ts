import type { Clock } from '../../base/index.js';
import type { Worker } from '../../worker/index.js';

/** One answer to a probe. */
export interface Health {
  readonly ok: boolean;
  /** Why not; empty when all is well. */
  readonly reasons: readonly string[];
  readonly worker: string;
  readonly state: string;
  /** Milliseconds since the broker last gave a sign of life; null before consuming began. */
  readonly silence_ms: number | null;
  readonly active: number;
}

/**
 * Judges a worker by the last sign of life from its broker, not by the existence of its process: one that fell silent is
 * to be restarted. A worker that pauses, or whose slots are all taken, is not silent.
 */
export class WorkerHealth {
  readonly #worker: Pick<Worker, 'info' | 'hostname' | 'state'>;
  readonly #clock: Clock;
  readonly #maxSilenceMs: number;
  #lastSign: number | undefined;

  constructor(worker: Pick<Worker, 'info' | 'hostname' | 'state'>, clock: Clock, maxSilenceMs: number) {
    this.#worker = worker;
    this.#clock = clock;
    this.#maxSilenceMs = maxSilenceMs;
  }

  /** Is it alive? False: restart it. While it starts or stops it is given the time that takes. */
  live(): Health {
    return this.#health((silence) => {
      const { state } = this.#worker;
      if (state === 'failed' || state === 'stopped') return [`the worker has ${state}`];
      return state === 'running' && silence !== null && silence > this.#maxSilenceMs
        ? [`no sign of life from the broker for ${Math.round(silence / 1000)} s`]
        : [];
    });
  }

  /** Does it take tasks? */
  ready(): Health {
    const consumer = this.#worker.info().steps.consumer;
    return this.#health((silence) => [
      ...(this.#worker.state === 'running' ? [] : [`the worker is ${this.#worker.state}`]),
      ...(consumer?.results_away === true ? ['the result store is away: fetching pauses'] : []),
      ...(silence !== null && silence > this.#maxSilenceMs ? ['the broker is silent'] : []),
    ]);
  }

  #health(judge: (silence: number | null) => readonly string[]): Health {
    const { hostname, state } = this.#worker;
    const { steps, active } = this.#worker.info();
    const now = this.#clock.monotonic();
    const heard = steps.consumer?.last_poll;
    // A broken connection knows of no sign any more: the last one seen counts.
    if (typeof heard === 'number') this.#lastSign = Math.max(this.#lastSign ?? now, heard);
    const silence = this.#lastSign === undefined ? null : Math.max(0, now - this.#lastSign);
    const reasons = judge(silence);
    return {
      ok: reasons.length === 0,
      reasons,
      worker: hostname,
      state,
      silence_ms: silence === null ? null : Math.round(silence),
      active: active.length,
    };
  }
}
