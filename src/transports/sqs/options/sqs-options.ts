import { z } from 'zod';
import { type Logger, nearestName, redact, ToolboxError } from '../../../base/index.js';
import { clientConfig } from './client-config.js';
import { largePayloads } from './large-payloads.js';
import { predefinedQueue } from './predefined-queue.js';
import { seconds } from './seconds.js';

const names = z.array(z.string().min(1));

const schema = z.strictObject({
  /** AWS region. Default: the AWS SDK's own search, then `us-east-1`. */
  region: z.string().min(1).optional(),
  /** Service to use instead of AWS's own. Wins over a host in the URL. */
  endpoint_url: z.url().optional(),
  /** https for a host in the URL. Default false, as in kombu. */
  is_secure: z.boolean().default(false),
  /** Put before every queue name. */
  queue_name_prefix: z.string().default(''),
  /** Seconds a receive waits for a message. Default 10. */
  wait_time_seconds: seconds(0, 20).default(10),
  /**
   * Seconds between an empty receive and the next. Default 0 where the receive itself waits, 1 where
   * `wait_time_seconds` is 0. (kombu: 1 in both.)
   */
  polling_interval: z.number().min(0).optional(),
  /** Seconds a message is held before others see it again. Default: the queue's own, 1800 for queues made here. */
  visibility_timeout: seconds(1, 43_200).optional(),
  /** The envelope travels in base64, as every kombu reads it. False: as JSON, for kombu 5.6 and later. Default true. */
  sqs_base64_encoding: z.boolean().default(true),
  /**
   * Attributes to fetch with each message: system attributes by name, or both kinds. They come in the properties
   * `message_attributes` and `system_attributes` of the delivery. `all` stands for all.
   */
  fetch_message_attributes: z
    .union([
      names,
      z.strictObject({
        MessageSystemAttributeNames: names.optional(),
        MessageAttributeNames: names.optional(),
      }),
    ])
    .optional(),
  /** Queues that exist, by name; no other is used, and none is made. */
  predefined_queues: z.record(z.string(), predefinedQueue).default({}),
  /** Further attributes of queues made here, `RedrivePolicy` for example; objects are written as JSON. */
  'sqs-creation-attributes': z.record(z.string(), z.unknown().transform(attributeText)).default({}),
  /**
   * Gives every queue made here a dead-letter queue named like it with the suffix (before `.fifo`), which keeps for
   * 14 days what was received `max_receive_count` times. Default: none. Ours, not kombu's.
   */
  dead_letters: z
    .strictObject({
      suffix: z
        .string()
        .regex(/^[\w-]+$/)
        .default('-dead'),
      max_receive_count: z.number().int().min(1).max(1000).default(5),
    })
    .optional(),
  /** Tags of queues made here. */
  queue_tags: z.record(z.string(), z.coerce.string()).default({}),
  /** Settings of the SDK's client, by botocore's names. */
  'client-config': clientConfig.prefault({}),
  /** Role to assume. Needs the package `@aws-sdk/credential-providers`. */
  sts_role_arn: z.string().startsWith('arn:').optional(),
  /** Seconds the role is assumed for at a time. Default 900. */
  sts_token_timeout: seconds(900, 43_200).default(900),
  /** Seconds before its end at which it is assumed anew. Default 0; the SDK renews five minutes before. */
  sts_token_buffer_time: seconds(0, 43_200).default(0),
  /** STS service to ask instead of AWS's own. */
  sts_endpoint_url: z.url().optional(),
  /** Where messages go that are too large for their queue. Default: nowhere, they are refused. Python cannot read them. */
  large_payloads: largePayloads.optional(),
  /** Seconds for which a publish is tried again while SQS cannot be reached. Default 10. */
  publish_timeout: z.number().min(0).default(10),
  /** Seconds an acknowledgement waits for nine others to share its call. Default 0.05. */
  ack_window: z.number().min(0).max(10).default(0.05),
  /**
   * A thread with a client of its own renews what a worker holds while a task blocks its event loop. Default true. Ours, not
   * kombu's.
   */
  lease_thread: z.boolean().default(true),
  /** Told the name of every request made (`SendMessageBatch`, ...), attempts of the SDK's own included. */
  on_api_call: z.custom<(operation: string) => void>((value) => typeof value === 'function').optional(),
});

/** `broker_transport_options` for SQS, checked. Names are kombu's where kombu has them. */
export type SqsOptions = z.output<typeof schema>;

/** Options of kombu's that are refused: said aloud, so that nobody relies on them. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['supports_fanout', 'fanout over SNS is not supported'],
  ['predefined_exchanges', 'fanout over SNS is not supported'],
  ['deadletter_queue', 'a message that no queue would take is refused here when it is published'],
]);

/** Options of Celery's and kombu's for other transports, or for trying again, which are ours to decide here. */
const CARRIED: ReadonlySet<string> = new Set(
  (
    'max_retries interval_start interval_step interval_max retry_errors errback callback confirm_publish body_encoding ' +
    'port regioninfo asynsqs priority_steps sep queue_order_strategy fanout_prefix fanout_patterns global_keyprefix ' +
    'socket_timeout socket_connect_timeout socket_keepalive unacked_restore_limit'
  ).split(' '),
);

/** Throws CONFIG_INVALID with every option that is wrong; an unknown one with the nearest that exists. */
export function parseSqsOptions(options: Readonly<Record<string, unknown>>, logger: Logger): SqsOptions {
  // Python's None, and an empty text for a time, stand for the default.
  const given = Object.entries(options).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const carried = given.map(([name]) => name).filter((name) => CARRIED.has(name));
  if (carried.length > 0)
    logger.debug({ unused: carried }, 'broker_transport_options without meaning for SQS');
  const ours = Object.fromEntries(given.filter(([name]) => !CARRIED.has(name) && !UNSUPPORTED.has(name)));
  const parsed = schema.safeParse(ours);
  const problems = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, ours)),
    ...given.flatMap(([name, value]) => {
      const remedy = UNSUPPORTED.get(name);
      return remedy !== undefined && hasContent(value) ? [`${name}: ${remedy}`] : [];
    }),
    ...(parsed.success ? contradictions(parsed.data) : []),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ToolboxError('CONFIG_INVALID', `broker_transport_options for SQS: ${problems.join('; ')}`, {
    fields: { setting: 'broker_transport_options', problems },
  });
}

function contradictions(options: SqsOptions): string[] {
  const { sts_token_buffer_time: buffer, sts_token_timeout: timeout, predefined_queues } = options;
  return [
    ...(buffer < timeout
      ? []
      : [`sts_token_buffer_time: expected less than sts_token_timeout, got ${buffer}`]),
    ...Object.entries(predefined_queues).flatMap(([name, queue]) => [
      ...((queue.access_key_id === undefined) === (queue.secret_access_key === undefined)
        ? []
        : [`predefined_queues.${name}: expected access_key_id and secret_access_key, got only one of them`]),
      ...((queue.backoff_policy === undefined) === (queue.backoff_tasks === undefined)
        ? []
        : [`predefined_queues.${name}: expected backoff_policy and backoff_tasks, got only one of them`]),
    ]),
  ];
}

function problemsOf(issue: z.core.$ZodIssue, options: unknown): string[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys')
    return [`${path.join('.')}: ${message}, got ${shown(options, path)}`];
  return issue.keys.map((key) => {
    const near = nearestName(key, optionNames(path));
    return `${[...path, key].join('.')}: unknown${near === undefined ? '' : `, did you mean ${near}`}`;
  });
}

/** The options that exist at a place. */
function optionNames([first, ...rest]: readonly PropertyKey[]): readonly string[] {
  if (first === undefined) return Object.keys(schema.shape);
  if (first === 'predefined_queues') return Object.keys(predefinedQueue.shape);
  if (first !== 'client-config') return [];
  return rest.length === 0 ? Object.keys(clientConfig.shape) : ['max_attempts', 'total_max_attempts', 'mode'];
}

const hasContent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);

/** Attributes of queues are texts; JSON ones may be given as objects, booleans as such. */
function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value at `path`, without secrets. */
function shown(options: unknown, path: readonly PropertyKey[]): string {
  let value = options;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return JSON.stringify(redact(value, String(path.at(-1)))) ?? 'nothing';
}
