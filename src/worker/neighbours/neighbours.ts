import type { App } from '../../app/index.js';
import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Bus, Subscription } from '../../bus/index.js';
import { type EventDispatcher, type ReceivedEvent, readEvent } from '../../remote/index.js';
import { type Candidate, winnerOf } from './election.js';

export interface NeighboursOptions {
  readonly app: App;
  readonly hostname: string;
  readonly events: EventDispatcher | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What an elected worker does, by topic. */
  readonly elected: (topic: string, action: unknown) => Promise<void>;
}

/** Milliseconds after which those who do not answer a call to elect (a Python worker without gossip) are not waited for. */
const ELECTION_MS = 5_000;
/** Beats after which a worker counts as gone: twice what it promised, as monitors reckon. */
const MISSED_BEATS = 2;

/** An election this node stands for: what it will do if it wins, and who has acknowledged. */
interface Standing {
  readonly topic: string;
  readonly action: unknown;
  readonly acks: Set<string>;
  readonly cancel: () => void;
}

/** The other workers, as their events tell (Celery's gossip): keeps logical time, and takes part in elections. */
export class Neighbours {
  readonly #options: NeighboursOptions;
  readonly #until = new Map<string, number>();
  readonly #candidates = new Map<string, Candidate[]>();
  readonly #open = new Map<string, Standing>();
  readonly #name: string;
  #listening = false;

  constructor(options: NeighboursOptions) {
    this.#options = options;
    this.#name = `${options.hostname}.${process.pid}`;
  }

  /** Resolves when it hears; closing what it gives ends that. */
  async listen(bus: Bus): Promise<Subscription> {
    const { app, clock } = this.#options;
    const subscription = await bus.subscribe('worker.#', (values) => {
      for (const value of values) {
        const event = readEvent(value, { lamport: app.lamport, nowMs: clock.now() });
        if (event !== undefined) this.#hear(event);
      }
    });
    this.#listening = true;
    return subscription;
  }

  /** Names of the others that are alive. */
  alive(): readonly string[] {
    const now = this.#options.clock.monotonic();
    for (const [name, until] of this.#until) {
      if (until >= now) continue;
      this.#until.delete(name);
      this.#options.logger.info({ node: name }, 'missed heartbeat');
    }
    return [...this.#until.keys()];
  }

  /**
   * Stands for an election. Every worker that is told to does; the winner acts. Nothing when nobody hears.
   *
   * It is decided when everybody alive has acknowledged: who stood before he did has been heard by then, and who stands
   * later has a later clock. (Celery decides at the first acknowledgements, so that two can win where one is slow.)
   */
  election(id: string, topic: string, action: unknown): void {
    if (!this.#listening || this.#open.has(id)) return;
    const cancel = this.#options.clock.after(ELECTION_MS, () => this.#decide(id));
    this.#open.set(id, { topic, action, acks: new Set(), cancel });
    this.#options.events?.send('worker-elect', { id, topic, action, cver: 1 });
  }

  #hear(event: ReceivedEvent): void {
    if (event.type === 'worker-elect') return this.#stands(event);
    if (event.type === 'worker-elect-ack') return this.#acknowledged(event);
    if (event.hostname === this.#options.hostname || !event.type.startsWith('worker-')) return;
    const { logger, clock } = this.#options;
    if (event.type === 'worker-offline') {
      this.#until.delete(event.hostname);
      logger.debug({ node: event.hostname }, 'a worker has left');
      return;
    }
    if (!this.#until.has(event.hostname)) logger.debug({ node: event.hostname }, 'a worker has joined');
    const freq = typeof event.freq === 'number' ? event.freq : 60;
    this.#until.set(event.hostname, clock.monotonic() + freq * MISSED_BEATS * 1000);
  }

  #stands({ id, clock, hostname, pid }: ReceivedEvent): void {
    if (typeof id !== 'string') return;
    const candidates = this.#candidates.get(id) ?? [];
    candidates.push({ clock, name: `${hostname}.${pid}` });
    this.#candidates.set(id, candidates);
    this.#options.events?.send('worker-elect-ack', { id });
    // Only those who stand count the acknowledgements; the others forget it in time.
    if (!this.#open.has(id)) this.#options.clock.after(60_000, () => this.#candidates.delete(id));
  }

  #acknowledged({ id, hostname }: ReceivedEvent): void {
    if (typeof id !== 'string') return;
    const acks = this.#open.get(id)?.acks.add(hostname);
    if (acks && [this.#options.hostname, ...this.alive()].every((name) => acks.has(name))) this.#decide(id);
  }

  #decide(id: string): void {
    const standing = this.#open.get(id);
    const winner = winnerOf(this.#candidates.get(id) ?? []);
    standing?.cancel();
    this.#open.delete(id);
    this.#candidates.delete(id);
    if (standing === undefined || winner === undefined) return;
    const { logger, elected } = this.#options;
    logger.info({ election: id, winner: winner.name }, 'election');
    if (winner.name !== this.#name) return;
    // Its own order, which came as a command: an event may be anybody's.
    elected(standing.topic, standing.action).catch((error: unknown) =>
      logger.error({ election: id, error: messageOf(error) }, 'the action could not be carried out'),
    );
  }
}
