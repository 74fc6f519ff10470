import type { App } from '../app/index.js';
import { hasCode, ToolboxError } from '../base/index.js';
import type { Queue } from '../messaging/index.js';

/** Exchange of the queues that belong to one worker each (celery.utils.nodenames). */
const DIRECT_EXCHANGE = 'C.dq2';

/**
 * The queues a worker consumes from: those named, or all of the app's but its taps, which belong to whoever listens in.
 * A name the app does not know becomes a queue of its own (`task_create_missing_queues`). With `worker_direct`, one of this
 * worker's own as well.
 *
 * @throws ToolboxError CONFIG_INVALID when that is not allowed, or no queue is left.
 */
export function workerQueues(
  app: App,
  names: readonly string[] | undefined,
  hostname: string,
): readonly Queue[] {
  const queues =
    names === undefined
      ? app.queues.filter(({ tap }) => tap !== true)
      : [...new Set(names)].map((name) => queueNamed(app, name));
  if (app.conf.worker_direct) queues.push(directTo(app, hostname));
  if (queues.length > 0) return queues;
  throw new ToolboxError('CONFIG_INVALID', 'queues: expected at least one queue to consume from, got none', {
    fields: { option: 'queues' },
  });
}

/** The queue that only this worker consumes from; calls go to it by `{ exchange: 'C.dq2', routing_key: hostname }`. */
function directTo({ conf }: App, hostname: string): Queue {
  const highest = conf.task_queue_max_priority;
  return {
    name: `${hostname}.dq2`,
    exchange: { name: DIRECT_EXCHANGE, type: 'direct' },
    routingKey: hostname,
    ...(highest !== null && { arguments: { 'x-max-priority': highest } }),
  };
}

function queueNamed(app: App, name: string): Queue {
  try {
    return app.queue(name);
  } catch (cause) {
    if (!hasCode(cause, 'NOT_DECLARED')) throw cause;
    const all = app.queues.map((queue) => queue.name);
    throw new ToolboxError(
      'CONFIG_INVALID',
      `queues: expected names from task_queues (${all.join(', ')}), got ${name}; add it there, or allow task_create_missing_queues`,
      { cause, fields: { option: 'queues', queue: name, known: all } },
    );
  }
}
