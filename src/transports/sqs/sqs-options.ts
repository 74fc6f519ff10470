import { z } from 'zod';
import { type Logger, redact, ToolboxError } from '../../base/index.js';

/** One entry of `predefined_queues`. */
const predefinedQueue = z.object({
  url: z.url(),
  access_key_id: z.string().optional(),
  secret_access_key: z.string().optional(),
  region: z.string().optional(),
});

const seconds = (from: number, to: number) => {
  const error = `expected a whole number of seconds from ${from} to ${to}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};

const schema = z.object({
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
  /** Seconds a message is held before others see it again. Default: the queue's own, 1800 for queues made here. */
  visibility_timeout: seconds(1, 43_200).optional(),
  /** The envelope travels in base64, as every kombu reads it. False: as JSON, for kombu 5.6 and later. Default true. */
  sqs_base64_encoding: z.boolean().default(true),
  /** Queues that exist, by name; no other is used, and none is made. */
  predefined_queues: z.record(z.string(), predefinedQueue).default({}),
  /** Further attributes of queues made here. */
  'sqs-creation-attributes': z.record(z.string(), z.coerce.string()).default({}),
  /** Tags of queues made here. */
  queue_tags: z.record(z.string(), z.coerce.string()).default({}),
  /** Seconds for which a publish is tried again while SQS cannot be reached. Default 10. */
  publish_timeout: z.number().min(0).default(10),
  /** Seconds an acknowledgement waits for nine others to share its call. Default 0.05. */
  ack_window: z.number().min(0).max(10).default(0.05),
  /** Told the name of every request made (`SendMessageBatch`, ...), attempts of the SDK's own included. */
  on_api_call: z.custom<(operation: string) => void>((value) => typeof value === 'function').optional(),
});

/** `broker_transport_options` for SQS, checked. Names are kombu's where kombu has them. */
export type SqsOptions = z.output<typeof schema>;
export type PredefinedQueue = z.output<typeof predefinedQueue>;

/** Options of Celery's that mean nothing here: said aloud, so that nobody relies on them. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['sts_role_arn', 'let the AWS SDK assume the role, through a profile or AWS_ROLE_ARN'],
  ['supports_fanout', 'fanout over SNS is not supported'],
]);

/** Throws CONFIG_INVALID with every option that is wrong. */
export function parseSqsOptions(options: Readonly<Record<string, unknown>>, logger: Logger): SqsOptions {
  const parsed = schema.safeParse(options);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        ({ path, message }) => `${path.join('.')}: ${message}, got ${shown(options, path)}`,
      );
  for (const [name, remedy] of UNSUPPORTED) if (options[name]) problems.push(`${name}: ${remedy}`);
  if (!parsed.success || problems.length > 0) {
    throw new ToolboxError('CONFIG_INVALID', `broker_transport_options for SQS: ${problems.join('; ')}`, {
      fields: { setting: 'broker_transport_options', problems },
    });
  }
  const unused = Object.keys(options).filter((name) => !(name in schema.shape) && !UNSUPPORTED.has(name));
  if (unused.length > 0) logger.debug({ unused }, 'broker_transport_options without meaning for SQS');
  return parsed.data;
}

/** The value at `path`, without secrets. */
function shown(options: unknown, path: readonly PropertyKey[]): string {
  let value = options;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return JSON.stringify(redact(value, String(path.at(-1)))) ?? 'nothing';
}
