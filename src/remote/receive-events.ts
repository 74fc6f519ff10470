import type { App } from '../app/index.js';
import type { Subscription } from '../bus/index.js';
import { broadcast, busOf } from './broadcast.js';
import { type ReceivedEvent, readEvent } from './read-event.js';

export interface ReceiveEventsOptions {
  readonly onEvent: (event: ReceivedEvent) => void;
  /** Routing keys heard: `#` (default), `worker.#`, `task.#`. */
  readonly pattern?: string;
  /** Ask all workers for a heartbeat at once, so as not to wait for the next. Default true. */
  readonly wakeup?: boolean;
}

/**
 * Hears the events of workers and producers, Python's too, until the subscription is closed. Events are not kept for
 * those who are away; what is no event is passed over.
 *
 * @throws as `Control.broadcast`.
 */
export async function receiveEvents(
  app: App,
  { onEvent, pattern = '#', wakeup = true }: ReceiveEventsOptions,
): Promise<Subscription> {
  const bus = await busOf(app);
  const { lamport, clock } = app;
  const subscription = await bus.subscribe(pattern, (events) => {
    for (const value of events) {
      const event = readEvent(value, { lamport, nowMs: clock.now() });
      if (event !== undefined) onEvent(event);
    }
  });
  if (wakeup) await broadcast(app, 'heartbeat', {}, { reply: false });
  return subscription;
}
