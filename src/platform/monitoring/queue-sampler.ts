import type { App } from '../../app/index.js';
import { hasCode, messageOf } from '../../base/index.js';
import type { Queue, QueueCounts } from '../../messaging/index.js';
import type { Database } from '../store/database.js';

interface Sample extends Partial<QueueCounts> {
  readonly queue: string;
  readonly oldest_seconds: number | null;
  readonly in_rate: number | null;
  readonly out_rate: number | null;
  readonly problem: string | null;
  readonly records: boolean;
}

/** Seconds over which the rate of arrivals is taken. */
const RATE_SECONDS = 60;
/** How far back the first unfinished task of a queue is looked for at the start. */
const FIRST_LOOK_MS = 86_400_000;

const INSERT = `
INSERT INTO workertoolbox.queue_sample (queue, at, waiting, held, delayed, consumers, oldest_seconds, in_rate, out_rate, problem,
  records)
SELECT queue, date_trunc('second', now()), waiting, held, delayed, consumers, oldest_seconds, in_rate, out_rate, problem, records
FROM jsonb_to_recordset($1::jsonb) AS s(queue text, waiting int, held int, delayed int, consumers int,
  oldest_seconds real, in_rate real, out_rate real, problem text, records boolean)
ON CONFLICT (queue, at) DO NOTHING`;

/** Tasks recorded of late, by the queue they were sent to: Celery's routing key, which names the queue in the usual layouts. */
const ARRIVALS = `
SELECT options->'delivery_info'->>'routing_key' AS queue, count(*)::float8 / ${RATE_SECONDS} AS rate
FROM tasks_backgroundtask WHERE created_date > now() - interval '${RATE_SECONDS} seconds' GROUP BY 1`;

/** The first task of a queue, from a moment on, of which nothing was heard although it is due. */
const OLDEST = `
SELECT extract(epoch FROM t.created_date)::float8 * 1000 AS created FROM tasks_backgroundtask t
WHERE t.created_date >= to_timestamp($2 / 1000.0) AND t.options->'delivery_info'->>'routing_key' = $1
  AND NOT (t.options ? 'eta')
  AND NOT EXISTS (SELECT 1 FROM celery_taskmeta r WHERE r.task_id = t.task_id)
ORDER BY t.created_date LIMIT 1`;

/** Measures the app's queues: counts by the broker, ages and arrivals by the ledger. */
export class QueueSampler {
  readonly #app: App;
  readonly #database: Database;
  /** Where the search for a queue's oldest task begins: everything before has been dealt with. */
  readonly #marks = new Map<string, number>();
  readonly #before = new Map<string, { readonly at: number; readonly waiting: number }>();

  constructor(app: App, database: Database) {
    this.#app = app;
    this.#database = database;
  }

  async sample(): Promise<void> {
    const rows = await this.#database.query<{ queue: string | null; rate: number }>({ text: ARRIVALS });
    const arrivals = new Map(rows.map(({ queue, rate }) => [queue, rate]));
    const samples = await Promise.all(this.#app.queues.map((queue) => this.#sampleOf(queue, arrivals)));
    await this.#database.query({ text: INSERT, values: [JSON.stringify(samples)] });
  }

  async #sampleOf(
    { name: queue, routingKey, tap }: Queue,
    arrivals: ReadonlyMap<string | null, number>,
  ): Promise<Sample> {
    const records = tap === true;
    const inRate = records ? sum(arrivals) : (arrivals.get(routingKey) ?? 0);
    try {
      const counts = await (await this.#app.broker()).count(queue);
      return {
        queue,
        ...counts,
        // Of what waits to be recorded the ledger knows nothing yet.
        oldest_seconds: records ? null : await this.#oldest(queue, routingKey, counts),
        in_rate: inRate,
        out_rate: this.#leaving(queue, counts.waiting, inRate),
        problem: null,
        records,
      };
    } catch (error) {
      const problem = hasCode(error, 'NOT_DECLARED') ? 'there is no such queue yet' : messageOf(error);
      return { queue, oldest_seconds: null, in_rate: null, out_rate: null, problem, records };
    }
  }

  /** What came in and is no longer there has left. */
  #leaving(queue: string, waiting: number, inRate: number): number | null {
    const at = this.#app.clock.monotonic();
    const before = this.#before.get(queue);
    this.#before.set(queue, { at, waiting });
    if (before === undefined || at === before.at) return null;
    return Math.max(0, inRate - (waiting - before.waiting) / ((at - before.at) / 1000));
  }

  async #oldest(queue: string, key: string, { waiting, held }: QueueCounts): Promise<number | null> {
    const now = this.#app.clock.now();
    if (waiting + (held ?? 0) === 0) {
      this.#marks.set(queue, now - RATE_SECONDS * 1000);
      return 0;
    }
    const mark = this.#marks.get(queue) ?? now - FIRST_LOOK_MS;
    const [first] = await this.#database.query<{ created: number }>({ text: OLDEST, values: [key, mark] });
    if (first === undefined) return null;
    this.#marks.set(queue, first.created);
    return Math.max(0, (now - first.created) / 1000);
  }
}

const sum = (rates: ReadonlyMap<unknown, number>): number => [...rates.values()].reduce((a, b) => a + b, 0);
