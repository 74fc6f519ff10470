import { hostname } from 'node:os';
import type { App } from '../../app/index.js';
import { EventDispatcher, taskSentFields } from '../../remote/index.js';

/** Tells monitors of each call this app sends, where `task_send_sent_event` asks for it (the event `task-sent`). */
export function announceSentTasks(app: App): void {
  if (!app.conf.task_send_sent_event) return;
  const events = new EventDispatcher({
    publish: async (batch) => (await app.bus())?.publish(batch),
    lamport: app.lamport,
    clock: app.clock,
    logger: app.logger,
    hostname: `gen${process.pid}@${hostname()}`,
  });
  app.signals.on('after_task_publish', async (sent) => {
    events.send('task-sent', taskSentFields(sent));
    // A program that sends and ends has told all.
    await events.flush();
  });
}
