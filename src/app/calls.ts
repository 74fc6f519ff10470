import { newId } from '../base/index.js';
import type { CallOptions, TaskCall } from './call-options.js';
import { currentTask } from './current-task.js';
import type { Settings } from './settings/index.js';
import type { RegisteredTask } from './task-definition.js';

/** A call whose id is chosen. */
export type IdentifiedCall = TaskCall & { readonly options: CallOptions & { readonly task_id: string } };

/**
 * Completes a call as Celery's `send_task` does: an id; inside a running task, its root and parent (protocol 1.2) and,
 * with `task_inherit_parent_priority`, its priority; the routing options of the task, when it is registered here.
 */
export function completeCall(
  call: TaskCall,
  task: RegisteredTask | undefined,
  settings: Settings,
): IdentifiedCall {
  const given = call.options;
  const running = currentTask();
  const root = given.root_id ?? running?.rootId;
  const parent = given.parent_id ?? running?.id;
  const inherited = settings.task_inherit_parent_priority ? running?.request.priority : undefined;
  const priority = given.priority === undefined ? inherited : given.priority;
  const options = {
    ...routingOptions(task),
    ...given,
    task_id: given.task_id ?? newId(),
    ...(root && { root_id: root }),
    ...(parent && { parent_id: parent }),
    ...(priority !== undefined && { priority }),
  };
  return { ...call, options };
}

function routingOptions(task: RegisteredTask | undefined): CallOptions {
  if (task === undefined) return {};
  const { queue, exchange, routingKey } = task.options;
  return {
    ...(queue !== undefined && { queue }),
    ...(exchange !== undefined && { exchange }),
    ...(routingKey !== undefined && { routing_key: routingKey }),
  };
}
