import type { Clock } from '../../base/index.js';
import { broadcast } from '../../remote/index.js';
import type { Celery } from '../../toolbox/index.js';

type Info = Readonly<Record<string, unknown>>;

/** What Flower asks of every worker, and what more of one. */
const OF_ALL = ['stats', 'active_queues', 'registered', 'conf'] as const;
const OF_ONE = ['scheduled', 'active', 'reserved', 'revoked'] as const;
const TIMEOUT = 1;
/** Workers are asked again by requests that come later than this. */
const FRESH_MS = 60_000;
/** Who did not answer for so long is no longer listed. */
const FORGOTTEN_MS = 600_000;

/** What workers answer about themselves, as Flower shows it. Asked when somebody wants to know. */
export class WorkerInspector {
  readonly #app: Celery | undefined;
  readonly #clock: Clock;
  readonly #workers = new Map<string, Info & { timestamp: number }>();
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(app: Celery | undefined, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
  }

  /** All workers by name. */
  async workers(refresh = false): Promise<Readonly<Record<string, Info>>> {
    if (refresh || this.#clock.monotonic() - this.#askedAt > FRESH_MS) await this.#refresh();
    return Object.fromEntries(this.#workers);
  }

  /** Asks one worker, for its tasks too. */
  async inspect(name: string): Promise<void> {
    await this.#ask([...OF_ALL, ...OF_ONE], [name]);
  }

  async knows(name: string): Promise<boolean> {
    if ((await this.workers())[name] === undefined) await this.#refresh();
    return this.#workers.has(name);
  }

  #refresh(): Promise<void> {
    this.#asking ??= this.#ask(OF_ALL).finally(() => {
      this.#asking = undefined;
      this.#askedAt = this.#clock.monotonic();
    });
    return this.#asking;
  }

  async #ask(methods: readonly string[], destination?: readonly string[]): Promise<void> {
    const app = this.#app;
    if (app === undefined) return;
    const options = { timeout: TIMEOUT, ...(destination !== undefined && { destination }) };
    const answers = await Promise.all(
      methods.map(async (method) => [method, await broadcast(app, method, {}, options)] as const),
    );
    const timestamp = this.#clock.now() / 1000;
    for (const [method, replies] of answers) {
      for (const [name, reply] of Object.entries(replies)) {
        this.#workers.set(name, { ...this.#workers.get(name), [method]: reply, timestamp });
      }
    }
    for (const [name, info] of this.#workers)
      if ((timestamp - info.timestamp) * 1000 > FORGOTTEN_MS) this.#workers.delete(name);
  }
}
