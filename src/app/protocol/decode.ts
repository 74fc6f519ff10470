import { hasCode, messageOf, ToolboxError } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import {
  argsRepr,
  type DecodeBudget,
  kwargsRepr,
  type SerializerRegistry,
} from '../../serialization/index.js';
import type { TaskMessage } from '../task-message.js';
import { type BodyEncryption, isSealed, openedBody } from './body-encryption.js';
import { FieldReader } from './fields.js';
import { invalidMessage, type MessageSource } from './invalid-message.js';
import { parseIsoTime } from './iso-time.js';
import { customHeaders, customProperties } from './known-names.js';
import { type Envelope, openEnvelope } from './protocol-one.js';
import { readRedaction, shownArguments } from './redaction.js';

export interface DecodeContext {
  readonly serializers: SerializerRegistry;
  /** `accept_content`: names or MIME types. */
  readonly accept: readonly string[];
  /** `accept_compression`. Default `['gzip']`. */
  readonly acceptCompression?: readonly string[] | undefined;
  readonly budget?: DecodeBudget | undefined;
  /** Default: encrypted bodies are refused. */
  readonly encryption?: BodyEncryption | undefined;
  /**
   * What becomes of encrypted bodies: `open` them (default), or `leave` them, so that the message has no arguments and no
   * callbacks. For those who only record what was sent.
   */
  readonly sealed?: 'open' | 'leave' | undefined;
}

const NO_ENCRYPTION: BodyEncryption = { sealer: undefined, required: false };
/** The body of a message whose own is left encrypted. */
const LEFT: unknown = [[], {}, null];

/** Longest id the result table holds. */
const MAX_ID = 155;

/**
 * Reads a task message of protocol 2, protocol 1 or the hybrid form. `task` and `id` must be there; what else is missing
 * has its default.
 *
 * @throws ToolboxError MESSAGE_INVALID, CONTENT_DISALLOWED, SIGNATURE_INVALID, DECODE_FAILED or BUDGET_EXCEEDED, all with fields `reason`,
 * `queue`, `task` and `id`, so that the message can be set aside.
 */
export const decodeTaskMessage = async (delivery: Delivery, context: DecodeContext): Promise<TaskMessage> =>
  readTaskMessage(delivery, context);

/** The same for those who read thousands a second: a promise only where the body takes one. Throws, or rejects. */
export function readTaskMessage(
  delivery: Delivery,
  context: DecodeContext,
): TaskMessage | Promise<TaskMessage> {
  const source = sourceOf(delivery.headers, delivery);
  if (delivery.defect !== undefined) throw invalidMessage(source, 'envelope', delivery.defect);
  const body = readBody(delivery, context, source);
  return body instanceof Promise
    ? body.then((late: unknown) => readParts(delivery, late, source))
    : readParts(delivery, body, source);
}

function readParts(delivery: Delivery, body: unknown, source: MessageSource): TaskMessage {
  const envelope = openEnvelope(delivery.headers, body);
  if (envelope === 'body')
    throw invalidMessage(source, 'body', 'its body must be a list of args, kwargs and embed');
  if (envelope === undefined) {
    throw invalidMessage(source, 'unknown_message', 'it has neither a header task nor a body with one');
  }
  return readEnvelope(envelope, delivery);
}

function readEnvelope({ headers, args, kwargs, embed }: Envelope, delivery: Delivery): TaskMessage {
  const source = sourceOf(headers, delivery);
  const { task, id } = identity(source);
  const read = new FieldReader(source);
  const positional = read.args(args);
  const keywords = read.kwargs(kwargs);
  const { properties, info } = delivery;
  const redaction = readRedaction(headers['redact']);
  const encrypted = isSealed(delivery);
  const shown = () => shownArguments({ args: positional, kwargs: keywords, redaction, encrypted });
  const stamps = headers['stamps'];
  const message: TaskMessage = {
    task,
    id,
    args: positional,
    kwargs: keywords,
    embed: read.embed(embed),
    rootId: read.text('root_id', headers['root_id']) || id,
    parentId: read.text('parent_id', headers['parent_id']),
    groupId: read.text('group', headers['group']),
    groupIndex: read.integer('group_index', headers['group_index']),
    retries: read.retries(headers['retries']),
    eta: time(source, 'eta', read.text('eta', headers['eta']) || null),
    expires: time(source, 'expires', read.text('expires', headers['expires']) || null),
    timelimit: read.timelimit(headers['timelimit']),
    ignoreResult: typeof headers['ignore_result'] === 'boolean' ? headers['ignore_result'] : null,
    origin: read.text('origin', headers['origin']),
    shadow: read.text('shadow', headers['shadow']),
    argsrepr: read.text('argsrepr', headers['argsrepr']) ?? argsRepr(shown().args),
    kwargsrepr: read.text('kwargsrepr', headers['kwargsrepr']) ?? kwargsRepr(shown().kwargs),
    replacedTaskNesting: read.integer('replaced_task_nesting', headers['replaced_task_nesting']) ?? 0,
    snoozes: read.integer('snoozes', headers['snoozes']) ?? 0,
    stampedHeaders: read.names('stamped_headers', headers['stamped_headers']),
    stamps: stamps === null || stamps === undefined ? {} : read.kwargs(stamps),
    correlationId: read.text('correlation_id', properties.correlation_id),
    replyTo: read.text('reply_to', properties.reply_to) || null,
    priority: info.priority ?? read.integer('priority', properties.priority),
    customHeaders: customHeaders(headers),
    customProperties: customProperties(properties),
  };
  // Apart, for few messages have them: an object literal with a spread costs several times one without.
  if (redaction.length === 0 && !encrypted) return message;
  return { ...message, ...(redaction.length > 0 && { redaction }), ...(encrypted && { encrypted }) };
}

function identity(source: MessageSource): { readonly task: string; readonly id: string } {
  const { task, id } = source;
  if (task === null || task === '') throw invalidMessage(source, 'task', 'task must be a name');
  if (id === null || id === '' || id.length > MAX_ID) {
    throw invalidMessage(source, 'id', `id must be a string of 1 to ${MAX_ID} characters`);
  }
  return { task, id };
}

function sourceOf({ task, id }: Envelope['headers'], { info }: Delivery): MessageSource {
  return {
    queue: info.queue,
    task: typeof task === 'string' ? task : null,
    id: typeof id === 'string' ? id : null,
  };
}

function time(source: MessageSource, name: 'eta' | 'expires', text: string | null): string | null {
  if (text === null || parseIsoTime(text) !== undefined) return text;
  throw invalidMessage(source, name, `${name} must be an ISO time, got ${text.slice(0, 64)}`);
}

/** Decodes the body: a promise only where that takes one. */
function readBody(delivery: Delivery, context: DecodeContext, source: MessageSource): unknown {
  try {
    if (context.sealed === 'leave' && isSealed(delivery)) return LEFT;
    const bound = { task: source.task ?? '', id: source.id ?? '' };
    const opened = openedBody(delivery, bound, context.encryption ?? NO_ENCRYPTION);
    const body = context.serializers.readMessage(opened, context);
    if (!(body instanceof Promise)) return body;
    return body.catch((error: unknown) => {
      throw unreadable(source, error);
    });
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** Whatever the reader says, with the facts a quarantine needs. */
function unreadable(source: MessageSource, error: unknown): ToolboxError {
  const code = error instanceof ToolboxError ? error.code : 'DECODE_FAILED';
  const what = hasCode(error, 'CONTENT_DISALLOWED') ? 'is refused' : 'cannot be read';
  return new ToolboxError(
    code,
    `Message ${source.id ?? 'without id'} (${source.task ?? 'no task'}) from queue ${source.queue} ${what}: ${messageOf(error)}`,
    { cause: error, fields: { reason: code.toLowerCase(), ...source } },
  );
}
