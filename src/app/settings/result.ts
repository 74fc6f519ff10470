import { z } from 'zod';
import { TimeDelta } from '../../base/index.js';
import {
  anything,
  bool,
  count,
  integer,
  kind,
  mapping,
  names,
  seconds,
  setting,
  text,
  unset,
} from './kind.js';

const age = kind(
  z.preprocess(
    (value) => (value instanceof TimeDelta ? value.milliseconds / 1000 : value),
    z.number().min(0).nullable(),
  ) as z.ZodType<number | null, number | TimeDelta | null>,
  'a number of seconds or a TimeDelta, or null for never',
);
const retries = kind(
  z.custom<number>((value) => typeof value === 'number' && value >= 0),
  'a number, 0 or more; Infinity for ever',
);

/** Where results go. */
export const resultSettings = {
  result_backend: unset(
    text,
    'Where results are kept: `db+postgresql://user:pass@host/db`, `memory://`, ... Null: nowhere.',
  ),
  result_accept_content: unset(
    names,
    'Carried for Python peers: here Redis is read as result_serializer says, a database as its rows are, pickles as data only.',
  ),
  result_backend_always_retry: setting(
    bool,
    false,
    'While the result store is away, readers ask until it is back (else half a minute), and workers try to store a result for as long as they hold its message (else ten minutes).',
  ),
  result_backend_base_sleep_between_retries_ms: setting(
    count,
    10,
    'First pause between these attempts of readers, milliseconds.',
  ),
  result_backend_max_retries: setting(retries, Number.POSITIVE_INFINITY, 'How often readers repeat at most.'),
  result_backend_max_sleep_between_retries_ms: setting(
    count,
    10_000,
    'Longest pause between these attempts, of readers and workers, milliseconds.',
  ),
  result_backend_transport_options: setting(mapping, {}, 'Options of the result store.'),
  result_cache_max: setting(integer, -1, 'Carried for Python peers: here the store is asked each time.'),
  result_chord_expires: unset(seconds, 'Seconds chord data is kept. Null: result_expires.'),
  result_chord_join_timeout: setting(seconds, 3, 'Seconds to collect the results of a chord that is ready.'),
  result_chord_retry_interval: setting(seconds, 1, 'Seconds between looks at a chord that is not ready.'),
  result_compression: unset(
    text,
    'How results are compressed in Redis: gzip, bzip2, lzma, brotli or zstd. In databases they are not, as in Celery.',
  ),
  result_exchange: setting(text, 'celeryresults', 'Carried for Python peers.'),
  result_exchange_type: setting(text, 'direct', 'Carried for Python peers.'),
  result_expires: setting(age, 86_400, 'Seconds until results may be deleted; null: never.'),
  result_extended: setting(bool, false, 'Store name, arguments, worker, retries and queue with each result.'),
  result_failure_expires: unset(seconds, 'Seconds until failures may be deleted. Null: result_expires.'),
  result_persistent: unset(bool, 'Result messages survive a broker restart.'),
  result_serializer: setting(text, 'json', 'Format of results, where the store leaves a choice.'),

  database_url: unset(text, 'Old form of result_backend.'),
  database_engine_options: setting(
    mapping,
    { pool_pre_ping: true, pool_recycle: 3600 },
    'Carried for Python peers: here one connection writes and another reads, each opened anew when it is lost.',
  ),
  database_engine_callback: setting(anything, null, 'Carried for Python peers.'),
  database_short_lived_sessions: setting(bool, false, 'Carried for Python peers.'),
  database_table_schemas: unset(mapping, 'Schemas of the result tables: { task, group }.'),
  database_table_names: unset(mapping, 'Names of the result tables: { task, group }.'),
  database_create_tables_at_setup: setting(
    bool,
    true,
    'Carried for Python peers: here `workertoolbox migrate` makes the tables, never a worker.',
  ),

  redis_backend_use_ssl: setting(anything, null, 'TLS options for results in Redis.'),
  redis_db: unset(count, 'Database number for results, where result_backend (`redis://`) names none.'),
  redis_host: unset(text, 'Host for results, where result_backend (`redis://`) names none.'),
  redis_port: unset(count, 'Port for results, where result_backend names none.'),
  redis_username: unset(text, 'User for results, where result_backend names none.'),
  redis_password: unset(text, 'Password for results, where result_backend has none.'),
  redis_max_connections: unset(
    count,
    'Carried for Python peers: here one connection stores and reads, another listens.',
  ),
  redis_socket_timeout: unset(
    seconds,
    'Seconds to wait for an answer of Redis about results. Null: 4 (Celery: 120).',
  ),
  redis_socket_connect_timeout: unset(
    seconds,
    'Seconds to wait for a connection to Redis for results. Null: 4.',
  ),
  redis_retry_on_timeout: setting(
    bool,
    false,
    'Carried for Python peers: here what timed out is always tried again.',
  ),
  redis_socket_keepalive: setting(bool, false, 'Carried for Python peers: here it is always on.'),
} as const;
