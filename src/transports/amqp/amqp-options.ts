import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { z } from 'zod';
import { ToolboxError } from '../../base/index.js';
import { readTlsOptions } from '../../messaging/index.js';

const seconds = z.coerce.number();

const schema = z.object({
  /**
   * Seconds between signs of life, asked of the broker; 0 for none. Celery's `broker_heartbeat`. We notice silence after two
   * intervals, RabbitMQ within three.
   */
  heartbeat: seconds.int().min(0).max(65_535).default(8),
  /** Seconds for opening one connection. Celery's `broker_connection_timeout`. */
  connect_timeout: seconds.positive().default(4),
  /** Seconds a publish waits without the broker confirming anything. kombu's `confirm_timeout`. */
  confirm_timeout: seconds.positive().default(10),
  /** Publishes sent and not yet confirmed at a time. */
  max_unconfirmed: z.coerce.number().int().min(1).max(65_535).default(1_000),
  /** Type of the queues in which messages wait. Celery's `broker_native_delayed_delivery_queue_type`. */
  native_delayed_delivery_queue_type: z.enum(['quorum', 'classic']).default('quorum'),
  /** False: per channel first, and one by one only when the broker asks for it. Celery's `worker_detect_quorum_queues`. */
  detect_quorum_queues: z.boolean().default(true),
  /** Celery's `broker_login_method`. */
  login_method: z.enum(['PLAIN', 'AMQPLAIN', 'EXTERNAL']).default('PLAIN'),
  /** In which order the addresses are tried. Celery's `broker_failover_strategy`. */
  failover_strategy: z.enum(['round-robin', 'shuffle']).default('round-robin'),
  /** Shown in the broker's management pages. */
  client_properties: z.record(z.string(), z.unknown()).default({}),
  /** `true`, or options of `tls.connect`, or those of Python's ssl module. */
  ssl: z.union([z.boolean(), z.record(z.string(), z.unknown())]).default(false),
});

export interface AmqpOptions {
  readonly heartbeatSeconds: number;
  readonly connectTimeoutMs: number;
  readonly confirmTimeoutMs: number;
  readonly maxUnconfirmed: number;
  readonly delayedQueueType: 'quorum' | 'classic';
  readonly detectQuorumQueues: boolean;
  readonly loginMethod: 'PLAIN' | 'AMQPLAIN' | 'EXTERNAL';
  readonly shuffle: boolean;
  readonly clientProperties: Readonly<Record<string, unknown>>;
  readonly tls: boolean;
  readonly tlsOptions: TlsOptions;
}

/**
 * Reads `broker_transport_options`; settings and the query of the URL may give the same names and lose against them.
 * Names this transport does not know are other transports' and pass. Throws CONFIG_INVALID.
 */
export function readAmqpOptions(
  options: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>> = {},
): AmqpOptions {
  const read = schema.safeParse({ ...defaults, ...options });
  if (!read.success) {
    const issue = read.error.issues[0];
    const key = `broker_transport_options.${issue?.path.join('.') ?? ''}`;
    throw new ToolboxError('CONFIG_INVALID', `${key}: ${issue?.message ?? 'cannot be read'}`, {
      fields: { key },
    });
  }
  const { ssl, ...rest } = read.data;
  return {
    heartbeatSeconds: rest.heartbeat,
    connectTimeoutMs: rest.connect_timeout * 1000,
    confirmTimeoutMs: rest.confirm_timeout * 1000,
    maxUnconfirmed: rest.max_unconfirmed,
    delayedQueueType: rest.native_delayed_delivery_queue_type,
    detectQuorumQueues: rest.detect_quorum_queues,
    loginMethod: rest.login_method,
    shuffle: rest.failover_strategy === 'shuffle',
    clientProperties: rest.client_properties,
    tls: ssl !== false,
    tlsOptions: typeof ssl === 'object' ? readTlsOptions(ssl) : {},
  };
}
