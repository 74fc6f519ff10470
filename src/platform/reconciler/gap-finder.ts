import type { App } from '../../app/index.js';
import { type Logger, messageOf } from '../../base/index.js';
import { readMessages, sentTo } from '../messages/index.js';
import { insertPost, postValues } from '../outbox/index.js';
import type { Database } from '../store/database.js';
import { FORGET, MARK_LOST, ORPHANS, RECORD_UNTRACKED, SILENT, UNTRACKED } from './gap-statements.js';
import { type Gaps, NO_GAPS } from './gaps.js';
import { consumedQueues, countQueues, inHands, mayHold } from './queue-facts.js';

export interface GapFinderOptions {
  readonly app: App;
  readonly database: Database;
  readonly logger: Logger;
  /** Milliseconds after which a task that nobody has heard of is looked for. */
  readonly silentMs: number;
  /** Milliseconds after which a record that is missing counts as missing. */
  readonly lateMs: number;
  /** Send lost tasks again, under their ids, from the messages as they came. */
  readonly republish: boolean;
}

interface Silent {
  readonly id: string;
  readonly type: string;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  readonly lost: boolean;
}

/**
 * Looks for tasks that were recorded and never run, run and never recorded, or whose parents are nowhere, and for queues that
 * nobody takes from. A task counts as lost only after two looks that found its queue empty and no worker with it in its hands.
 */
export class GapFinder {
  readonly #options: GapFinderOptions;
  #suspects: ReadonlySet<string> = new Set();

  constructor(options: GapFinderOptions) {
    this.#options = options;
  }

  /** With `repair` lost tasks are marked (and sent again, where that is wanted), and unrecorded ones get a row. */
  async look(repair: boolean): Promise<Gaps> {
    const { app, database, lateMs } = this.#options;
    const late = { values: [lateMs / 1000] };
    const [counts, untracked, orphans] = await Promise.all([
      countQueues(app),
      database.query<Gaps['untracked'][number] & Record<string, unknown>>({ ...UNTRACKED, ...late }),
      database.query<Gaps['orphans'][number] & Record<string, unknown>>({ ...ORPHANS, ...late }),
    ]);
    const { lost, unknown } = await this.#lost(counts, repair);
    if (repair && untracked.length > 0) {
      await database.query({ ...RECORD_UNTRACKED, values: [untracked.map(({ id }) => id)] });
    }
    const waiting = [...counts].filter(([, count]) => count.waiting > 0 && (count.consumers ?? 0) === 0);
    const consumed = waiting.length === 0 ? undefined : await consumedQueues(app);
    return {
      ...NO_GAPS,
      lost,
      unknown,
      untracked,
      orphans,
      unconsumed: waiting
        .filter(([queue, { consumers }]) => consumers === 0 || consumed?.has(queue) === false)
        .map(([queue, count]) => ({ queue, waiting: count.waiting })),
    };
  }

  /** Lets go of what is kept for a while only. */
  async forget(): Promise<void> {
    for (const text of FORGET) await this.#options.database.query({ text });
  }

  async #lost(
    counts: Awaited<ReturnType<typeof countQueues>>,
    repair: boolean,
  ): Promise<Pick<Gaps, 'lost' | 'unknown'>> {
    const { app, database, silentMs } = this.#options;
    const silent = await database.query<Silent & Record<string, unknown>>({
      ...SILENT,
      values: [silentMs / 1000],
    });
    const absent = silent.filter((task) =>
      this.#queuesOf(task).every((name) => {
        const count = counts.get(name);
        return count !== undefined && !mayHold(count);
      }),
    );
    const held = await inHands(
      app,
      absent.map(({ id }) => id),
    );
    const suspects = held === undefined ? absent : absent.filter(({ id }) => !held.has(id));
    const before = this.#suspects;
    this.#suspects = new Set(suspects.map(({ id }) => id));
    const lost = suspects.filter((task) => task.lost || before.has(task.id));
    const ids = lost.map(({ id }) => id);
    const sent = repair && ids.length > 0 ? await this.#repair(ids) : new Set<string>();
    return {
      lost: lost.map(({ id, type }) => ({ id, type, sentAgain: sent.has(id) })),
      unknown: silent.length - suspects.length,
    };
  }

  /** Where its message would be: the queues of its task's way that are no taps. */
  #queuesOf({ type, exchange, routingKey }: Silent): readonly string[] {
    const { app } = this.#options;
    try {
      const to = sentTo(app, type, { exchange: exchange ?? '', routingKey: routingKey ?? '' });
      if (to.exchange === '') return [to.routingKey];
      return app.routeOf(type).takers.flatMap(({ name, tap }) => (tap === true ? [] : [name]));
    } catch (error) {
      app.logger.debug(
        { task: type, error: messageOf(error) },
        'reconciler: nobody knows the way of this task',
      );
      return app.queues.flatMap(({ name, tap }) => (tap === true ? [] : [name]));
    }
  }

  async #repair(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { app, database, logger, republish } = this.#options;
    const marked = await database.query<{ id: string }>({ ...MARK_LOST, values: [ids] });
    for (const { id } of marked) logger.warn({ id }, 'reconciler: the message of this task is nowhere');
    if (!republish) return new Set();
    const kept = await readMessages(database, ids);
    const sent = new Set<string>();
    for (const [id, { exchange, routingKey, ...content }] of kept) {
      const root = content.headers.root_id;
      const to = sentTo(app, String(content.headers.task), { exchange, routingKey });
      // Workers look it up before they run it, should the message turn up after all.
      const headers = { ...content.headers, redelivered: true };
      const posted = await database.query({
        text: insertPost(),
        values: postValues({
          key: `lost ${id}`,
          taskId: id,
          family: typeof root === 'string' ? root : id,
          message: { ...to, content: { ...content, headers } },
        }),
      });
      if (posted.length > 0) sent.add(id);
    }
    return sent;
  }
}
