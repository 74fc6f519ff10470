import type { MessageProperties, OutgoingMessage } from '../../messaging/index.js';
import { type Sealer, type SerializerRegistry, Tuple } from '../../serialization/index.js';
import type { CallOptions, TaskCall } from '../call-options.js';
import { plainSignature, signatureList } from '../plain-signature.js';
import type { Settings } from '../settings/index.js';
import type { RegisteredTask } from '../task-definition.js';
import { type CallTimes, callTimes } from './call-times.js';
import { KNOWN_OPTIONS } from './known-options.js';
import { argumentHeaders, type OptionsOf } from './redaction.js';

/** What a message says besides its call. */
export interface EncodeContext {
  readonly settings: Settings;
  readonly serializers: SerializerRegistry;
  /** Encrypts the body. Default: nothing does. */
  readonly sealer?: Sealer | undefined;
  /** Wall clock, milliseconds. */
  readonly now: number;
  /** Node name of the producer, unless the call carries one on. */
  readonly origin: string;
  /** Name of the sender's reply queue, unless the call gives one. */
  readonly replyTo: string;
  /** The task when it is registered here: its options are the call's defaults. */
  readonly task?: RegisteredTask | undefined;
  /** Options of other tasks, for what a workflow's own task must not show. Default: the task's alone. */
  readonly optionsOf?: OptionsOf | undefined;
  /** Longest delay the broker can keep, seconds. Default 0. */
  readonly maxDelaySeconds?: number;
  /** Shortest delay worth asking of it, seconds. Default 1. */
  readonly minDelaySeconds?: number;
  /**
   * A wire tap gets a copy. Then the broker is not told when the message expires: RabbitMQ would drop the tap's copy as well,
   * and the task without a trace. Workers go by the header. Default false.
   */
  readonly tapped?: boolean;
}

/**
 * The protocol 2 message of a call (protocol 1.1). The id must have been chosen (`options.task_id`).
 *
 * @throws ToolboxError ENCODE_FAILED for a value the serializer cannot write, CONFIG_INVALID for a time that is none.
 */
export async function encodeTaskMessage(call: TaskCall, context: EncodeContext): Promise<OutgoingMessage> {
  const { task, args, kwargs, options } = call;
  const { settings } = context;
  const id = options.task_id ?? '';
  const times = callTimes(
    task,
    { ...options, expires: options.expires ?? context.task?.options.expires },
    context.now,
  );
  const rootId = options.root_id ?? id;
  const embed = {
    callbacks: signatureList(options.link),
    errbacks: signatureList(options.link_error),
    chain: options.chain?.map(plainSignature) ?? null,
    chord: options.chord ? plainSignature(options.chord) : null,
  };
  const serializer = options.serializer ?? context.task?.options.serializer ?? settings.task_serializer;
  // Python's workers get the tuples that Python's producers send.
  const body = serializer === 'pickle' ? new Tuple([new Tuple(args), kwargs, embed]) : [args, kwargs, embed];
  const compression = options.compression ?? context.task?.options.compression ?? settings.task_compression;
  const plain = await context.serializers.encodeMessage(body, {
    serializer,
    compression: compression ?? undefined,
  });
  const encoded = context.sealer?.seal(plain, { task, id }) ?? plain;
  return {
    body: encoded.body,
    contentType: encoded.contentType,
    contentEncoding: encoded.contentEncoding,
    headers: { ...protocolHeaders(call, id, rootId, times, context), ...encoded.headers, ...options.headers },
    properties: messageProperties(options, id, times, context),
    group: rootId,
    deduplicationId: attemptId(id, options),
    ...delayOf(times, context),
  };
}

/** Tells one attempt of a task from the next. */
function attemptId(id: string, { retries = 0, replaced_task_nesting = 0, snoozes }: CallOptions): string {
  return `${id}:${retries}:${replaced_task_nesting}${snoozes ? `:${snoozes}` : ''}`;
}

function protocolHeaders(
  call: TaskCall,
  id: string,
  rootId: string,
  { eta, expires }: CallTimes,
  context: EncodeContext,
): Record<string, unknown> {
  const { options } = call;
  const { task } = context;
  return {
    lang: 'ts',
    task: call.task,
    id,
    shadow: options.shadow ?? null,
    eta,
    expires,
    group: options.group_id ?? null,
    group_index: options.group_index ?? null,
    retries: options.retries ?? 0,
    timelimit: [
      options.time_limit === undefined ? (task?.options.timeLimit ?? null) : options.time_limit,
      options.soft_time_limit === undefined ? (task?.options.softTimeLimit ?? null) : options.soft_time_limit,
    ],
    root_id: rootId,
    parent_id: options.parent_id ?? null,
    ...argumentHeaders(call, {
      optionsOf: context.optionsOf ?? (() => task?.options),
      maxLevels: context.settings.task_repr_maxlevels,
      encrypted: context.sealer !== undefined,
    }),
    origin: options.origin ?? context.origin,
    // Null for a task unknown here: the worker then asks the task itself.
    ignore_result:
      options.ignore_result ??
      (task === undefined ? null : (task.options.ignoreResult ?? context.settings.task_ignore_result)),
    replaced_task_nesting: options.replaced_task_nesting ?? 0,
    ...(options.snoozes && { snoozes: options.snoozes }),
    stamped_headers: options.stamped_headers ?? null,
    stamps: stampsOf(options),
  };
}

const stampsOf = (options: TaskCall['options']): Record<string, unknown> => ({
  ...Object.fromEntries((options.stamped_headers ?? []).map((name) => [name, options[name]])),
  ...options.stamps,
});

function messageProperties(
  options: TaskCall['options'],
  id: string,
  times: CallTimes,
  { settings, task, replyTo, tapped }: EncodeContext,
): MessageProperties {
  const stamps = new Set(options.stamped_headers);
  const custom = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !KNOWN_OPTIONS.has(name) && !stamps.has(name),
  );
  const priority =
    options.priority === undefined
      ? (task?.options.priority ?? settings.task_default_priority ?? 0)
      : options.priority;
  return {
    delivery_mode: deliveryMode(options['delivery_mode']) ?? settings.task_default_delivery_mode,
    ...(priority !== null && { priority }),
    correlation_id: id,
    reply_to: options.reply_to ?? replyTo,
    ...(times.expiration !== undefined && tapped !== true && { expiration: times.expiration }),
    ...Object.fromEntries(custom),
  };
}

function deliveryMode(given: unknown): 1 | 2 | undefined {
  if (given === 1 || given === 'transient') return 1;
  return given === 2 || given === 'persistent' ? 2 : undefined;
}

function delayOf(
  { delaySeconds }: CallTimes,
  { maxDelaySeconds = 0, minDelaySeconds = 1 }: EncodeContext,
): { delaySeconds?: number } {
  const delay = Math.min(Math.floor(delaySeconds), maxDelaySeconds);
  return delay >= minDelaySeconds ? { delaySeconds: delay } : {};
}
