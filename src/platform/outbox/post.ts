import type { TaskCall } from '../../app/index.js';
import type { OutgoingMessage } from '../../messaging/index.js';
import { jsonCodec } from '../../serialization/index.js';
import { toJsonb } from '../tracking/jsonb.js';

const json = jsonCodec({ envelopes: true });

/** A message to be sent, whole, or a call the relay makes one of. */
export interface Post {
  /** It is sent once for each key, within a day. */
  readonly key?: string;
  readonly taskId: string;
  readonly family: string;
  readonly task?: string;
  readonly call?: Pick<TaskCall, 'args' | 'kwargs' | 'options'>;
  readonly message?: {
    readonly exchange: string;
    readonly routingKey: string;
    /** To be declared first. */
    readonly queue?: string | undefined;
    readonly content: Pick<
      OutgoingMessage,
      'body' | 'contentType' | 'contentEncoding' | 'headers' | 'properties'
    > & {
      readonly deduplicationId?: string;
    };
  };
  /** What is stored about the task is removed just before it is sent; `before`: when that was stored. */
  readonly resets?: boolean;
  readonly before?: Date | null;
}

/** Columns with their types, in the order of `postValues`. */
const COLUMNS = {
  key: 'text',
  task_id: 'text',
  family: 'text',
  task: 'text',
  call: 'jsonb',
  exchange: 'text',
  routing_key: 'text',
  queue: 'text',
  content_type: 'text',
  content_encoding: 'text',
  headers: 'jsonb',
  properties: 'jsonb',
  body: 'bytea',
  deduplication: 'text',
  resets: 'boolean',
  before: 'timestamptz',
} as const;

const VALUES = Object.values(COLUMNS).map((type, at) => `$${at + 1}::${type}`);

/** The statement that adds a post, from whatever else the statement finds: no row where that finds none, or the key is known. */
export const insertPost = (from = ''): string =>
  `INSERT INTO workertoolbox.outbox (${Object.keys(COLUMNS).join(', ')})
   SELECT ${VALUES.join(', ')} ${from} ON CONFLICT (key) DO NOTHING RETURNING id`;

export const POST_PLACES = VALUES.length;

export function postValues({ key, taskId, family, task, call, message, resets, before }: Post): unknown[] {
  const content = message?.content;
  return [
    key ?? null,
    taskId,
    family,
    task ?? null,
    call === undefined ? null : Buffer.from(json.encode(call)).toString('utf8'),
    message?.exchange ?? null,
    message?.routingKey ?? null,
    message?.queue ?? null,
    content?.contentType ?? null,
    content?.contentEncoding ?? null,
    content === undefined ? null : toJsonb(content.headers),
    content === undefined ? null : toJsonb(content.properties),
    content === undefined ? null : Buffer.from(content.body),
    content?.deduplicationId ?? null,
    resets ?? false,
    before ?? null,
  ];
}
