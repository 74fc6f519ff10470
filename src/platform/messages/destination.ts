import type { App } from '../../app/index.js';
import type { Destination } from '../../messaging/index.js';

/** Where the message of a task was sent; by its task's own way, when all that is known is the platform queue it was found in. */
export function sentTo(app: App, task: string, { exchange, routingKey }: Destination): Destination {
  const isFound = exchange === '' && app.queues.some(({ name, tap }) => tap === true && name === routingKey);
  return isFound ? app.routeOf(task).destination : { exchange, routingKey };
}
