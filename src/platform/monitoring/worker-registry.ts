import type { App } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import type { Subscription } from '../../bus/index.js';
import { broadcast, type ReceivedEvent, receiveEvents, SOFTWARE } from '../../remote/index.js';
import type { Database } from '../store/database.js';
import type { HeardAttempts } from './heard-attempts.js';

/** What a worker says of itself when asked: the answers to `stats`, `active_queues`, `active` and `reserved`. */
export interface WorkerDetails {
  readonly pool?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly state?: string | undefined;
  readonly queues?: readonly string[];
  readonly active?: readonly HeldTask[];
  readonly prefetched?: number;
  readonly held?: Readonly<Record<string, number>>;
  readonly loopLagMs?: number | undefined;
  readonly rssBytes?: number | undefined;
}

export interface HeldTask {
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly started: number | null;
  readonly queue: string | null;
}

interface Heard {
  readonly name: string;
  readonly heard: number;
  readonly freq: number;
  readonly offline: boolean;
  readonly software: string | null;
  readonly version: string | null;
  readonly pid: number | null;
  readonly clock_offset: number | null;
  readonly active: number | null;
  readonly processed: number | null;
}

/** Celery's heartbeats come every two seconds. */
const USUAL_FREQ = 2;
const ASK_SECONDS = 1;

const UPSERT = `
INSERT INTO workertoolbox.worker (name, heard, freq, offline, software, version, pid, clock_offset, active, processed)
SELECT name, to_timestamp(heard), freq, offline, software, version, pid, clock_offset, active, processed
FROM jsonb_to_recordset($1::jsonb) AS w(name text, heard float8, freq real, offline boolean, software text, version text,
  pid int, clock_offset real, active int, processed bigint)
ON CONFLICT (name) DO UPDATE SET heard = excluded.heard, freq = excluded.freq, offline = excluded.offline,
  software = excluded.software, version = excluded.version, pid = excluded.pid, clock_offset = excluded.clock_offset,
  active = excluded.active, processed = excluded.processed`;

/** Who answers is there, heartbeat or not. */
const DETAIL = `
INSERT INTO workertoolbox.worker (name, heard, freq, offline, details, detailed)
SELECT name, now(), ${USUAL_FREQ}, false, details, now() FROM jsonb_to_recordset($1::jsonb) AS d(name text, details jsonb)
ON CONFLICT (name) DO UPDATE SET details = excluded.details, detailed = excluded.detailed`;

/** Writes down which workers there are: from their heartbeats, Python's too, and from what they answer. */
export class WorkerRegistry {
  readonly #app: App;
  readonly #database: Database;
  readonly #attempts: Pick<HeardAttempts, 'hear'>;
  /** Workers that do not write down their runs themselves. */
  readonly #others = new Set<string>();
  readonly #heard = new Map<string, Heard>();
  #subscription: Subscription | undefined;

  constructor(app: App, database: Database, attempts: Pick<HeardAttempts, 'hear'>) {
    this.#app = app;
    this.#database = database;
    this.#attempts = attempts;
  }

  /** Listens, if it does not yet, and writes what was heard since the last time. */
  async write(): Promise<void> {
    this.#subscription ??= await receiveEvents(this.#app, { onEvent: (event) => this.#hear(event) });
    if (this.#heard.size === 0) return;
    const heard = [...this.#heard.values()];
    this.#heard.clear();
    try {
      await this.#database.query({ text: UPSERT, values: [JSON.stringify(heard)] });
    } catch (error) {
      // Newer signs of life stand.
      for (const one of heard) if (!this.#heard.has(one.name)) this.#heard.set(one.name, one);
      throw error;
    }
  }

  /** Asks every worker what it is and does. */
  async ask(): Promise<void> {
    const ask = (method: string): Promise<Readonly<Record<string, unknown>>> =>
      broadcast(this.#app, method, {}, { timeout: ASK_SECONDS });
    const [stats, queues, active, reserved] = await Promise.all(
      ['stats', 'active_queues', 'active', 'reserved'].map(ask),
    );
    const details = Object.keys(stats ?? {}).map((name) => ({
      name,
      details: detailsOf(stats?.[name], queues?.[name], active?.[name], reserved?.[name]),
    }));
    if (details.length > 0) await this.#database.query({ text: DETAIL, values: [JSON.stringify(details)] });
  }

  async close(): Promise<void> {
    await this.#subscription?.close().catch((error: unknown) => {
      this.#app.logger.debug({ error: messageOf(error) }, 'monitor: events');
    });
    this.#subscription = undefined;
  }

  #hear(event: ReceivedEvent): void {
    const { type, hostname, sw_ident: software } = event;
    if (this.#others.has(hostname)) this.#attempts.hear(event);
    if (!/^worker-(online|heartbeat|offline)$/.test(type) || typeof hostname !== 'string') return;
    if (software !== SOFTWARE.sw_ident && type !== 'worker-offline') this.#others.add(hostname);
    else this.#others.delete(hostname);
    this.#heard.set(hostname, {
      name: hostname,
      heard: event.local_received,
      freq: number(event.freq) ?? USUAL_FREQ,
      offline: type === 'worker-offline',
      software: text(software),
      version: text(event.sw_ver),
      pid: number(event.pid),
      clock_offset: typeof event.timestamp === 'number' ? event.local_received - event.timestamp : null,
      active: number(event.active),
      processed: number(event.processed),
    });
  }
}

type Answer = Readonly<Record<string, unknown>>;
const answer = (value: unknown): Answer =>
  value !== null && typeof value === 'object' ? (value as Answer) : {};
const answers = (value: unknown): readonly Answer[] => (Array.isArray(value) ? value.map(answer) : []);
const number = (value: unknown): number | null => (Number.isFinite(value) ? (value as number) : null);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Foreign data: whatever has another shape is left out. */
function detailsOf(stats: unknown, queues: unknown, active: unknown, reserved: unknown): WorkerDetails {
  const { pool, rusage, loop, state } = answer(stats);
  const { implementation, 'max-concurrency': concurrency } = answer(pool);
  const running = answers(active).map(heldTask);
  const waiting = answers(reserved).map(heldTask);
  const maxrss = number(answer(rusage).maxrss);
  const lag = number(answer(loop).lag_seconds);
  return {
    pool:
      text(implementation)?.replace(/^celery\.concurrency\.|^cadasta-workertoolbox:|:TaskPool$/g, '') ??
      undefined,
    concurrency: number(concurrency) ?? undefined,
    state: text(state) ?? undefined,
    queues: answers(queues).flatMap(({ name }) => text(name) ?? []),
    active: running,
    prefetched: waiting.length,
    held: Object.fromEntries(countBy([...running, ...waiting])),
    loopLagMs: lag === null ? undefined : lag * 1000,
    rssBytes: maxrss === null ? undefined : maxrss * 1024,
  };
}

function heldTask(request: Answer): HeldTask {
  const { id, name, time_start: started, delivery_info: delivery } = request;
  return {
    id: text(id) ?? '',
    name: text(name) ?? text(request.type) ?? '',
    started: number(started),
    queue: text(answer(delivery).routing_key),
  };
}

function countBy(tasks: readonly HeldTask[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { queue } of tasks) if (queue !== null) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  return counts;
}
