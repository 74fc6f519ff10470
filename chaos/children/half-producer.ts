import { chaosApp } from './chaos-app.js';
import type { HalfPlan } from './plans.js';

const { settings, ledger, ids, first } = JSON.parse(process.argv[2] ?? '') as HalfPlan;

/** Sends one copy of each message, and is gone before it sends the other. */
const { app } = chaosApp(settings, ledger);
const broker = await app.broker();
await broker.declare(app.queues);
for (const [n, id] of ids.entries()) {
  const { message } = await app.encode({
    task: 'chaos.work',
    args: [n, 5],
    kwargs: {},
    options: { task_id: id },
  });
  await broker.publish(message, { exchange: '', routingKey: first });
}
console.log('ready');
process.kill(process.pid, 'SIGKILL');
