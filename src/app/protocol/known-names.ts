import type { Headers, MessageProperties } from '../../messaging/index.js';

const PROTOCOL_HEADERS: ReadonlySet<string> = new Set([
  'argsrepr',
  'compression',
  'encrypted_with',
  'eta',
  'expires',
  'group',
  'group_index',
  'id',
  'ignore_result',
  'kwargsrepr',
  'lang',
  'meth',
  'origin',
  'parent_id',
  'redact',
  'redelivered',
  'replaced_task_nesting',
  'retries',
  'root_id',
  'shadow',
  'snoozes',
  'stamped_headers',
  'stamps',
  'task',
  'timelimit',
]);

// The first line: what AMQP defines. The second: what virtual transports add to carry a message.
const STANDARD_PROPERTIES: ReadonlySet<string> = new Set([
  'app_id',
  'cluster_id',
  'content_encoding',
  'content_type',
  'correlation_id',
  'delivery_mode',
  'expiration',
  'headers',
  'message_id',
  'priority',
  'reply_to',
  'timestamp',
  'type',
  'user_id',
  'body_encoding',
  'delivery_info',
  'delivery_tag',
]);

/** Most messages have none: nothing is copied for them. */
function without(all: Headers, known: ReadonlySet<string>): Headers {
  const others: [string, unknown][] = [];
  for (const name in all) if (!known.has(name)) others.push([name, all[name]]);
  return others.length === 0 ? {} : Object.fromEntries(others);
}

/** Headers that are not the protocol's own: those the caller added. */
export const customHeaders = (headers: Headers): Headers => without(headers, PROTOCOL_HEADERS);

/** Properties that are neither AMQP's nor a transport's: options of the call that Celery does not know. */
export const customProperties = (properties: MessageProperties): Headers =>
  without(properties, STANDARD_PROPERTIES);
