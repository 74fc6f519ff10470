import { z } from 'zod';
import {
  anything,
  bool,
  count,
  integer,
  kind,
  mapping,
  oneOf,
  seconds,
  setting,
  text,
  unset,
} from './kind.js';

const urls = kind(
  z.union([
    z.string(),
    z
      .array(z.string().min(1))
      .nonempty()
      .transform((list) => list.join(';')),
  ]) as z.ZodType<string, string | readonly string[]>,
  'a URL, or a list of them',
);

/** Where messages go. */
export const brokerSettings = {
  broker_url: unset(
    urls,
    'Where the broker is: `sqs://`, `amqp://user:pass@host:5672/vhost`, `redis://host:6379/0`, ... On RabbitMQ several, as a list or separated by `;`.',
  ),
  broker_read_url: unset(text, 'Carried for Python peers: here one connection serves both ways.'),
  broker_write_url: unset(text, 'Carried for Python peers: here one connection serves both ways.'),
  broker_transport: unset(
    text,
    'Name of the transport, used when no URL is given: `sqs`, `amqp`, `redis`, `memory`.',
  ),
  broker_transport_options: setting(
    mapping,
    {},
    'Options of the transport, for SQS `region`, `queue_name_prefix`, ...',
  ),
  broker_connection_timeout: setting(seconds, 4, 'Seconds to wait for a connection.'),
  broker_connection_retry: setting(bool, true, 'Connect again when the connection is lost.'),
  broker_connection_retry_on_startup: unset(
    bool,
    'Try again when the first connection fails. Null: as broker_connection_retry.',
  ),
  broker_connection_max_retries: setting(
    { ...count, schema: count.schema.nullable(), expects: `${count.expects}, or null for ever` },
    100,
    'Attempts to connect again before giving up; 0 or null: for ever.',
  ),
  broker_channel_error_retry: setting(bool, false, 'Connect again after a channel error too.'),
  broker_failover_strategy: unset(
    oneOf('round-robin', 'shuffle'),
    'In which order several brokers are tried. Null: round-robin, from the last that answered.',
  ),
  broker_heartbeat: setting(
    count,
    8,
    'Seconds between AMQP heartbeats; 0 turns them off. Celery: 120; here a dead connection is noticed within 25 s.',
  ),
  broker_heartbeat_checkrate: setting(
    seconds,
    3,
    'Carried for Python peers: looked at eight times an interval.',
  ),
  broker_login_method: unset(
    oneOf('PLAIN', 'AMQPLAIN', 'EXTERNAL'),
    'AMQP login method; EXTERNAL goes by the client certificate. Null: PLAIN.',
  ),
  broker_native_delayed_delivery_queue_type: setting(
    oneOf('quorum', 'classic'),
    'quorum',
    'Type of the queues in which RabbitMQ keeps what is to run later.',
  ),
  broker_pool_limit: setting(
    { ...count, schema: count.schema.nullable() },
    10,
    'Carried for Python peers: here one connection publishes and one consumes, whatever the load.',
  ),
  broker_pool_acquire_timeout: unset(seconds, 'Carried for Python peers: there is no pool to wait for.'),
  broker_use_ssl: setting(
    anything,
    false,
    "True, or TLS options, for the connection to the broker: Node's names, or `ca_certs`, `certfile`, `keyfile`, `cert_reqs` (also with `ssl_` before them).",
  ),
  broker_host: unset(text, 'Old form of `broker_url`. Carried for Python peers.'),
  broker_port: unset(integer, 'Old form of `broker_url`. Carried for Python peers.'),
  broker_user: unset(text, 'Old form of `broker_url`. Carried for Python peers.'),
  broker_password: unset(text, 'Old form of `broker_url`. Carried for Python peers.'),
  broker_vhost: unset(text, 'Old form of `broker_url`. Carried for Python peers.'),
} as const;
