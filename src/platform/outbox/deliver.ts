import { type App, parseIsoTime, type TaskCall } from '../../app/index.js';
import { hasCode } from '../../base/index.js';
import type { OutgoingMessage } from '../../messaging/index.js';
import { type OutboxRow, readStoredJson } from './outbox-row.js';

/** Not sent is what cannot be sent, however often one tries. */
const HOPELESS = [
  'UNROUTABLE',
  'NOT_DECLARED',
  'ENCODE_FAILED',
  'TASK_ARGUMENTS',
  'BUDGET_EXCEEDED',
  'CANVAS_INVALID',
] as const;

export const isHopeless = (error: unknown): boolean => HOPELESS.some((code) => hasCode(error, code));

/**
 * Publishes what a row holds. A row that was tried before may have been sent: what its task has stored since tells that it was;
 * else it goes as a message that workers look up before they run it.
 */
export async function deliver(app: App, row: OutboxRow): Promise<void> {
  const again = row.attempts > 1;
  if (again && (await hasArrived(app, row))) return;
  if (row.resets && !again) await (await app.backend())?.forget(row.task_id);
  if (row.call !== null) await app.send(callOf(row, again));
  else await publish(app, row, again);
}

/** True when the result store has heard of the task since the row was written. */
async function hasArrived(app: App, { task_id, before }: OutboxRow): Promise<boolean> {
  const [meta] = (await (await app.backend())?.get([task_id])) ?? [];
  if (meta === undefined || meta.status === 'PENDING') return false;
  return before === null || meta.dateDone?.getTime() !== before.getTime();
}

function callOf({ task, task_id, family, call }: OutboxRow, again: boolean): TaskCall {
  const { args, kwargs, options } = readStoredJson(call) as unknown as TaskCall;
  const headers = { ...options.headers, ...(again && { redelivered: true }) };
  return { task: task ?? '', args, kwargs, options: { ...options, task_id, root_id: family, headers } };
}

async function publish(app: App, row: OutboxRow, again: boolean): Promise<void> {
  const broker = await app.broker();
  const { exchange, routing_key, queue } = row;
  const declared =
    queue === null ? app.queues : [...app.queues.filter(({ name }) => name !== queue), app.queue(queue)];
  await broker.declare(declared);
  const { maxDelaySeconds, minDelaySeconds } = broker.capabilities;
  const headers = readStoredJson(row.headers);
  const due = typeof headers.eta === 'string' ? (parseIsoTime(headers.eta) ?? 0) : 0;
  const delay = Math.min(Math.floor((due - app.clock.now()) / 1000), maxDelaySeconds);
  const message: OutgoingMessage = {
    body: row.body ?? new Uint8Array(),
    contentType: row.content_type ?? '',
    contentEncoding: row.content_encoding ?? '',
    headers: { ...headers, ...(again && { redelivered: true }) },
    properties: readStoredJson(row.properties),
    group: row.family,
    deduplicationId: row.deduplication ?? `${row.task_id}:outbox:${row.id}`,
    ...(delay >= Math.max(minDelaySeconds, 1) && { delaySeconds: delay }),
  };
  await broker.publish(message, { exchange: exchange ?? '', routingKey: routing_key ?? '' });
}
