import type { App } from '../app/index.js';
import { ToolboxError } from '../base/index.js';
import { directQueue, type Queue } from '../messaging/index.js';

/**
 * The queues a worker consumes from: those named, or all of the app's but its taps, which belong to whoever listens in.
 * A name the app does not know becomes a queue of its own direct exchange (`task_create_missing_queues`).
 *
 * @throws ToolboxError CONFIG_INVALID when that is not allowed, or no queue is left.
 */
export function workerQueues(app: App, names: readonly string[] | undefined): readonly Queue[] {
  const queues =
    names === undefined
      ? app.queues.filter(({ tap }) => tap !== true)
      : [...new Set(names)].map((name) => queueNamed(app, name));
  if (queues.length > 0) return queues;
  throw new ToolboxError('CONFIG_INVALID', 'queues: expected at least one queue to consume from, got none', {
    fields: { option: 'queues' },
  });
}

function queueNamed({ queues, conf }: App, name: string): Queue {
  const known = queues.find((queue) => queue.name === name);
  if (known !== undefined) return known;
  if (conf.task_create_missing_queues) {
    const type = conf.task_create_missing_queue_exchange_type ?? 'direct';
    return { ...directQueue(name), exchange: { name, type } };
  }
  const all = queues.map((queue) => queue.name);
  throw new ToolboxError(
    'CONFIG_INVALID',
    `queues: expected names from task_queues (${all.join(', ')}), got ${name}; add it there, or allow task_create_missing_queues`,
    { fields: { option: 'queues', queue: name, known: all } },
  );
}
