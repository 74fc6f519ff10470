import { z } from 'zod';
import { bool, count, kind, mapping, names, seconds, setting, text, unset } from './kind.js';

const encryptionKeys = kind(
  z.array(z.object({ id: z.string().min(1), key: z.string() })).min(1),
  'a list of { id, key }',
);

/** Content, time, modules, beat, events, remote control, security. */
export const generalSettings = {
  accept_content: setting(
    names,
    ['json'],
    'Formats read from messages: names or MIME types. Everything else is refused.',
  ),
  accept_compression: setting(
    names,
    ['gzip'],
    'Compressions undone in messages, beside task_compression: gzip, brotli, zstd, bzip2, lzma. Not a setting of Celery’s: it undoes whatever it can.',
  ),
  enable_utc: setting(bool, true, 'Dates and times in messages are UTC.'),
  timezone: unset(text, 'Time zone of schedules (IANA name). Null: UTC.'),
  imports: setting(names, [], 'Modules loaded when a worker starts.'),
  include: setting(names, [], 'More modules loaded when a worker starts.'),

  beat_cron_starting_deadline: unset(count, 'Seconds back in time a missed crontab entry is still run.'),
  beat_enable_remote_control: setting(bool, false, 'Carried for Python peers.'),
  beat_max_loop_interval: setting(
    seconds,
    0,
    'Longest pause between looks at the schedule; 0: the scheduler decides.',
  ),
  beat_remote_control_max_tick_age: unset(seconds, 'Carried for Python peers.'),
  beat_schedule: setting(
    mapping,
    {},
    'Entries: name -> { task, schedule, args, kwargs, options, relative }.',
  ),
  beat_schedule_filename: setting(
    text,
    'celerybeat-schedule',
    'File in which beat keeps entries and their progress.',
  ),
  beat_scheduler: setting(
    text,
    'celery.beat:PersistentScheduler',
    'Where beat keeps its entries: memory, file:PATH, the URL of a PostgreSQL or Redis; by default beat_schedule_filename.',
  ),
  beat_sync_every: setting(
    count,
    0,
    'Changes of the schedule file after which the disk is told to have them for good; 0: by time only.',
  ),

  event_exchange: setting(text, 'celeryev', 'Exchange of events.'),
  event_queue_durable: setting(bool, false, 'Event queues survive a broker restart.'),
  event_queue_exclusive: setting(bool, true, 'Event queues belong to their connection.'),
  event_queue_expires: setting(seconds, 60, 'Seconds until an unused event queue is deleted.'),
  event_queue_prefix: setting(text, 'celeryev', 'Names of event queues begin so.'),
  event_queue_ttl: setting(seconds, 5, 'Seconds an event waits at most.'),
  event_serializer: setting(text, 'json', 'Format of events.'),

  control_exchange: setting(text, 'celery', 'Exchange of control commands begins so.'),
  control_queue_durable: setting(bool, false, 'Control queues survive a broker restart.'),
  control_queue_exclusive: setting(bool, true, 'Control queues belong to their connection.'),
  control_queue_expires: setting(seconds, 10, 'Seconds until an unused control queue is deleted.'),
  control_queue_ttl: setting(seconds, 300, 'Seconds a command waits at most.'),

  security_certificate: unset(text, 'File with the certificate that says whose key signs messages (PEM).'),
  security_cert_store: unset(
    text,
    'File, folder or pattern (`certs/*.pem`) of the certificates whose holders are believed.',
  ),
  security_key: unset(text, 'File with the private RSA key (PEM).'),
  security_key_password: unset(text, 'Password of the private key.'),
  message_encryption_keys: unset(
    encryptionKeys,
    'Keys that encrypt bodies: [{ id, key }], each key 32 bytes in base64. The first one writes, all of them read. Python cannot read such bodies. Not a setting of Celery’s.',
  ),
  message_encryption_required: setting(
    bool,
    false,
    'Refuse bodies that are not encrypted. Not a setting of Celery’s.',
  ),
  security_digest: setting(text, 'sha256', 'Digest of signatures.'),
} as const;

/** Settings of result stores that only Python peers have: families are accepted by prefix and carried as they are. */
export const CARRIED_FAMILIES: readonly string[] = [
  'cache_',
  'cassandra_',
  's3_',
  'azureblockblob_',
  'gcs_',
  'couchbase_',
  'arangodb_',
  'mongodb_',
  'cosmosdbsql_',
  'elasticsearch_',
  'dynamodb_',
  'couchdb_',
  'django_',
];
