import { messageOf, newId, ToolboxError } from '../../base/index.js';
import { type ActionItem, type BulkRequest, type BulkView, bulkRequest } from '../views/index.js';
import type { Actor } from './actor.js';
import { type BulkAction, type BulkJob, BulkStore } from './bulk-store.js';
import { bulkTargets } from './bulk-targets.js';
import { derivedId } from './derived-id.js';
import { failed } from './items.js';
import { readParameters } from './parameters.js';
import type { ActionContext, Performance, Performer } from './performer.js';
import { PERFORMERS } from './performers.js';

/** First half of the key of the lock on one bulk work; the second is its id's hash. */
const LOCK = 1_668_773_988;
/** Seconds of work between two looks at whether it is to stop. */
const STEP = 0.25;
const LARGEST_STEP = 100;

/**
 * One action on many items, one after the other at a given rate. Everything is in the database: whichever program looks at
 * the work goes on with it, when the one that began it has ended, and no item is done twice.
 */
export class Bulk {
  readonly #context: ActionContext;
  readonly #store: BulkStore;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(context: ActionContext) {
    this.#context = context;
    this.#store = new BulkStore(context.database);
  }

  async start(given: unknown, who: Actor): Promise<BulkView> {
    const request = readRequest(given);
    const id = who.key === undefined ? newId() : derivedId('bulk', who.user, who.key);
    const known = await this.view(id);
    if (known !== undefined) return known;
    await this.#store.add(id, request, await bulkTargets(this.#context.database, request), who);
    return (await this.view(id)) ?? unknown(id);
  }

  /** How far it is; undefined when there is no such work. Goes on with it where nobody does. */
  async view(id: string): Promise<BulkView | undefined> {
    const view = await this.#store.view(id);
    if (view?.state === 'running') this.#adopt(id);
    return view;
  }

  /** No further item is begun. Resolves when that is so. */
  async stop(id: string): Promise<BulkView> {
    await this.#store.stop(id);
    await this.#running.get(id);
    return (await this.view(id)) ?? unknown(id);
  }

  /** Leaves what is under way to whoever comes next. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running.values());
  }

  #adopt(id: string): void {
    if (this.#running.has(id) || this.#stop.signal.aborted) return;
    const running = this.#alone(id)
      .catch((error: unknown) =>
        this.#context.logger.warn({ bulk: id, error: messageOf(error) }, 'bulk work is interrupted'),
      )
      .finally(() => this.#running.delete(id));
    this.#running.set(id, running);
  }

  /** One program at a time: the lock ends with its connection. */
  #alone(id: string): Promise<void> {
    return this.#context.database.alone(async (query) => {
      const [lock] = await query<{ held: boolean }>({
        text: `SELECT pg_try_advisory_lock(${LOCK}, hashtext($1)) AS held`,
        values: [id],
      });
      if (lock?.held !== true) return;
      try {
        await this.#work(id);
      } finally {
        await query({ text: 'SELECT pg_advisory_unlock_all()' });
      }
    });
  }

  async #work(id: string): Promise<void> {
    const { clock } = this.#context.app;
    while (!this.#stop.signal.aborted) {
      const job = await this.#store.job(id);
      if (job === undefined || job.state !== 'running') return;
      if (job.stop) return this.#store.end(id, 'stopped');
      const from = clock.monotonic();
      const size = Math.min(LARGEST_STEP, Math.max(1, Math.round(job.per_second * STEP)));
      const targets = await this.#store.next(id, size);
      if (targets.length === 0) return this.#store.end(id, 'ended');
      await this.#store.told(id, await this.#perform(job, targets));
      await this.#pause(id, from + (targets.length / job.per_second) * 1000);
    }
  }

  /** A slow rate must not make stopping slow. */
  async #pause(id: string, until: number): Promise<void> {
    const { clock } = this.#context.app;
    for (let left = until - clock.monotonic(); left > 0; left = until - clock.monotonic()) {
      await clock.sleep(Math.min(left, STEP * 1000), this.#stop.signal).catch(() => undefined);
      if (this.#stop.signal.aborted || (await this.#store.job(id))?.stop === true) return;
    }
  }

  async #perform(
    { id, action, username }: BulkJob,
    targets: readonly string[],
  ): Promise<readonly ActionItem[]> {
    const given =
      action === 'quarantine.discard' ? { note: `with all others of a filter, by ${username}` } : {};
    const performance = {
      targets,
      parameters: readParameters(action, given),
      user: username,
      key: `bulk ${id}`,
    } as Performance<BulkAction>;
    try {
      return (await (PERFORMERS[action] as Performer<BulkAction>)(this.#context, performance)).items;
    } catch (error) {
      return targets.map((target) => failed(target, messageOf(error)));
    }
  }
}

function readRequest(given: unknown): BulkRequest {
  const { data, error } = bulkRequest.safeParse(given);
  if (data !== undefined) return data;
  const { path, message } = error.issues[0] ?? { path: [], message: 'cannot be read' };
  throw new ToolboxError('CONFIG_INVALID', `bulk: ${path.join('.')}: ${message}`, {
    fields: { key: path.join('.') },
  });
}

function unknown(id: string): never {
  throw new ToolboxError('CONFIG_INVALID', `bulk: there is no work with the id ${id}`, {
    fields: { key: 'id' },
  });
}
