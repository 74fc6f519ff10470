import { loadavg } from 'node:os';
import type { Clock } from '../../base/index.js';
import { type EventDispatcher, SOFTWARE } from '../../remote/index.js';

/** What a worker's heartbeats are known by. */
export interface Pulse {
  /** Tells this start of a worker from any that had its name, or its process id, before. */
  readonly instance: string;
  /** Seconds between two beats. */
  readonly freq: number;
}

export interface HeartOptions {
  readonly dispatcher: EventDispatcher;
  readonly clock: Clock;
  readonly pulse: Pulse;
  /** Tasks running now, and taken up so far. */
  /** Told of each, before it is sent. */
  readonly onBeat: () => void;
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
    const { clock, pulse } = this.#options;
    this.#cancel = clock.after(pulse.freq * 1000, () => {
      this.#send('worker-heartbeat');
      this.#next();
    });
  }

  #send(type: string): void {
    const { dispatcher, pulse, counts, onBeat } = this.#options;
    onBeat();
    dispatcher.send(type, { ...pulse, ...counts(), loadavg: loadavg().map(hundredths), ...SOFTWARE });
  }
}

const hundredths = (load: number): number => Math.round(load * 100) / 100;
