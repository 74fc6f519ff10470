import { loadavg } from 'node:os';
import type { Clock } from '../../base/index.js';
import { type EventDispatcher, SOFTWARE } from '../../remote/index.js';

export interface HeartOptions {
  readonly dispatcher: EventDispatcher;
  readonly clock: Clock;
  /** Seconds between two beats. */
  readonly interval: number;
  /** Tasks running now, and taken up so far. */
  readonly counts: () => { readonly active: number; readonly processed: number };
}

/** Tells the world that a worker is there: when it comes, at every beat, when it goes (protocol section 9.1). */
export class Heart {
  readonly #options: HeartOptions;
  #cancel: (() => void) | undefined;

  constructor(options: HeartOptions) {
    this.#options = options;
  }

  start(): void {
    this.#send('worker-online');
    this.#next();
  }

  stop(): void {
    this.#cancel?.();
    this.#send('worker-offline');
  }

  #next(): void {
    const { clock, interval } = this.#options;
    this.#cancel = clock.after(interval * 1000, () => {
      this.#send('worker-heartbeat');
      this.#next();
    });
  }

  #send(type: string): void {
    const { dispatcher, interval, counts } = this.#options;
    dispatcher.send(type, { freq: interval, ...counts(), loadavg: loadavg().map(hundredths), ...SOFTWARE });
  }
}

const hundredths = (load: number): number => Math.round(load * 100) / 100;
