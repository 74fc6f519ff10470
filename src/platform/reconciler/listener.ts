import { hostname } from 'node:os';
import type { App } from '../../app/index.js';
import { messageOf, newId } from '../../base/index.js';
import { type Subscription, utcOffset } from '../../bus/index.js';
import { busOf, type ReceivedEvent, receiveEvents } from '../../remote/index.js';
import type { Presence } from './presence.js';

/** Monitors know no such type, and pass it over. */
const ECHO = 'reconciler-echo';
/** Heard by whoever hears of workers: an echo must go their way. */
const ECHO_KEY = 'worker.echo';

/** Hears the workers of an app, and itself. */
export class Listener {
  readonly #app: App;
  readonly #presence: Presence;
  readonly #id = newId();
  #subscription: Subscription | undefined;

  constructor(app: App, presence: Presence) {
    this.#app = app;
    this.#presence = presence;
  }

  /** Listens, if it does not yet, and sends an echo. Never rejects: what is not heard is not judged. */
  async keep(): Promise<void> {
    try {
      this.#subscription ??= await receiveEvents(this.#app, {
        pattern: 'worker.#',
        onEvent: (event) => this.#hear(event),
      });
      await this.#call();
    } catch (error) {
      this.#app.logger.warn({ error: messageOf(error) }, 'reconciler: workers cannot be heard at present');
    }
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
    this.#subscription = undefined;
  }

  #hear(event: ReceivedEvent): void {
    const { type, reconciler, echo, instance, freq } = event;
    if (type === ECHO) {
      if (reconciler === this.#id && typeof echo === 'number') this.#presence.echoed(echo);
      return;
    }
    if (!type.startsWith('worker-') || type === 'worker-offline') return;
    this.#presence.hear(
      event.hostname,
      typeof instance === 'string' ? instance : undefined,
      typeof freq === 'number' ? freq : undefined,
      this.#app.clock.monotonic(),
    );
  }

  async #call(): Promise<void> {
    const { clock, lamport } = this.#app;
    const now = clock.now();
    const bus = await busOf(this.#app);
    const echo = this.#presence.nextEcho(clock.monotonic());
    await bus.publish({
      routingKey: ECHO_KEY,
      hostname: `reconciler@${hostname()}`,
      events: {
        type: ECHO,
        hostname: `reconciler@${hostname()}`,
        utcoffset: utcOffset(now),
        pid: process.pid,
        clock: lamport.forward(),
        timestamp: now / 1000,
        reconciler: this.#id,
        echo,
      },
    });
  }
}
