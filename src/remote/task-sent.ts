import type { Signals } from '../app/index.js';

type Published = Signals['after_task_publish'];

/** The fields of `task-sent`, from the message as it was published. */
export function taskSentFields({
  task,
  id,
  message,
  exchange,
  routingKey,
  queue,
}: Published): Readonly<Record<string, unknown>> {
  const { headers } = message;
  return {
    uuid: id,
    root_id: headers.root_id,
    parent_id: headers.parent_id,
    name: task,
    args: headers.argsrepr,
    kwargs: headers.kwargsrepr,
    retries: headers.retries,
    eta: headers.eta,
    expires: headers.expires,
    queue,
    exchange,
    routing_key: routingKey,
  };
}
