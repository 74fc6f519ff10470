import { shownArguments, type TaskMessage } from '../../app/index.js';
import { redact } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import { toJsonb } from './jsonb.js';

/** One row of the task table, as a message asks for it. */
export interface TrackedTask {
  readonly taskId: string;
  readonly type: string;
  /** JSON texts, fit for jsonb. */
  readonly input: string;
  readonly options: string;
  readonly rootId: string;
  readonly parentId: string | null;
  readonly creatorId: number | null;
  readonly relatedContentTypeId: number | null;
  readonly relatedObjectId: string | null;
  /** Orders the messages of one id: replacements first, then retries. */
  readonly attempt: readonly [nesting: number, retries: number];
}

const MAX_TYPE = 128;
const MAX_RELATED = 24;
const MAX_INTEGER = 2_147_483_647;
/** What belongs to one delivery, not to the task. */
const DELIVERY_ONLY = new Set(['delivery_tag', 'delivery_info', 'body_encoding']);

/** Headers of ours that tell why a message was sent. */
const LINKS = ['retried_from', 'replayed_from', 'manual'];

/**
 * The row for a message, with the columns and the option keys that the platform's own service writes. Its arguments as they
 * may be shown: whoever reads the table sees no secret.
 */
export function trackedTask(
  message: TaskMessage,
  delivery: Pick<Delivery, 'properties' | 'info'>,
): TrackedTask {
  const { creator_id, related_content_type_id, related_object_id } = message.customProperties;
  return {
    taskId: message.id,
    type: message.task.slice(0, MAX_TYPE),
    input: toJsonb(shownArguments(message)),
    options: toJsonb(redact(optionsOf(message, delivery))),
    rootId: message.rootId,
    // A retry of a task without parent names itself as its parent.
    parentId: message.parentId === message.id ? null : message.parentId,
    creatorId: integer(creator_id),
    relatedContentTypeId: integer(related_content_type_id),
    relatedObjectId:
      typeof related_object_id === 'string' && related_object_id.length <= MAX_RELATED
        ? related_object_id
        : null,
    attempt: [message.replacedTaskNesting, message.retries],
  };
}

function optionsOf(
  message: TaskMessage,
  { properties, info }: Pick<Delivery, 'properties' | 'info'>,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (!DELIVERY_ONLY.has(key) && value !== undefined) options[key] = value;
  }
  const [hard, soft] = message.timelimit;
  options.delivery_info = { exchange: info.exchange, routing_key: info.routingKey };
  options.retries = message.retries;
  if (message.eta !== null) options.eta = message.eta;
  if (message.expires !== null) options.expires = message.expires;
  if (hard !== null || soft !== null) options.timelimit = message.timelimit;
  if (message.replacedTaskNesting > 0) options.replaced_task_nesting = message.replacedTaskNesting;
  if (message.task.length > MAX_TYPE) options.task = message.task;
  for (const name of LINKS) {
    const link = message.customHeaders[name];
    if (typeof link === 'string') options[name] = link;
  }
  return options;
}

function integer(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= MAX_INTEGER
    ? number
    : null;
}
