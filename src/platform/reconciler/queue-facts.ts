import type { App } from '../../app/index.js';
import { hasCode, messageOf } from '../../base/index.js';
import type { QueueCounts } from '../../messaging/index.js';
import { createControl } from '../../remote/index.js';

/** Seconds workers may take to answer. */
const TIMEOUT = 1.5;

/** The app's work queues with what the broker counts in each; queues that cannot be asked are missing. */
export async function countQueues(app: App): Promise<ReadonlyMap<string, QueueCounts>> {
  const broker = await app.broker();
  const counts = new Map<string, QueueCounts>();
  for (const { name, tap } of app.queues) {
    if (tap === true) continue;
    try {
      counts.set(name, await broker.count(name));
    } catch (error) {
      if (hasCode(error, 'NOT_DECLARED')) counts.set(name, { waiting: 0, held: 0, delayed: 0, consumers: 0 });
      else app.logger.warn({ queue: name, error: messageOf(error) }, 'reconciler: a queue cannot be asked');
    }
  }
  return counts;
}

/** True when a message may be in there that is not in the hands of a worker that answers. */
export const mayHold = ({ waiting, held, delayed }: QueueCounts): boolean =>
  waiting > 0 || (held ?? 0) > 0 || (delayed ?? 0) > 0;

/** Those of the tasks that a worker has in its hands. Undefined where workers cannot be asked. */
export async function inHands(app: App, ids: readonly string[]): Promise<ReadonlySet<string> | undefined> {
  if (ids.length === 0) return new Set();
  if ((await app.bus()) === undefined) return undefined;
  const answers = await createControl(app).broadcast<unknown>('query_task', { ids }, { timeout: TIMEOUT });
  return new Set(Object.values(answers).flatMap((known) => Object.keys((known as object | null) ?? {})));
}

/** Names of the queues that workers which can be heard take from; undefined where workers cannot be asked. */
export async function consumedQueues(app: App): Promise<ReadonlySet<string> | undefined> {
  if ((await app.bus()) === undefined) return undefined;
  const answers = await createControl(app).broadcast<unknown>('active_queues', {}, { timeout: TIMEOUT });
  return new Set(
    Object.values(answers).flatMap((queues) =>
      Array.isArray(queues) ? queues.map((queue: { readonly name: string }) => queue.name) : [],
    ),
  );
}
