import type { TaskDetail, TaskSummary } from '../../platform/index.js';
import { pythonRepr } from '../../serialization/index.js';

const seconds = (moment: string | null): number | null =>
  moment === null ? null : Date.parse(moment) / 1000;

/** A task under the keys of Flower's, which are those of Celery's event state. Times in Unix seconds. */
export function flowerTask(task: TaskSummary | TaskDetail): Record<string, unknown> {
  const done = seconds(task.done);
  const ended = (state: string): number | null => (task.state === state ? done : null);
  const started = seconds(task.started);
  const created = seconds(task.created);
  return {
    uuid: task.id,
    name: task.name,
    state: task.state,
    received: created,
    sent: created,
    started,
    rejected: ended('REJECTED'),
    succeeded: ended('SUCCESS'),
    failed: ended('FAILURE'),
    retried: ended('RETRY'),
    revoked: ended('REVOKED'),
    args: task.args,
    kwargs: task.kwargs,
    eta: task.eta,
    expires: 'options' in task ? (task.options.expires ?? null) : null,
    retries: task.retries,
    worker: task.worker,
    result: 'result' in task && task.result !== null ? pythonRepr(task.result.json) : null,
    exception:
      'failure' in task && task.failure !== null
        ? `${task.failure.type}(${pythonRepr(task.failure.message)})`
        : task.error,
    timestamp: done ?? started ?? created,
    runtime: task.runMs === null ? null : task.runMs / 1000,
    traceback: 'failure' in task ? (task.failure?.traceback ?? null) : null,
    exchange: null,
    routing_key: task.queue,
    clock: 0,
    client: null,
    root: task.rootId,
    root_id: task.rootId,
    parent: task.parentId,
    parent_id: task.parentId,
    children: [],
  };
}
