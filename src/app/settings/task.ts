import { z } from 'zod';
import { anything, bool, count, kind, oneOf, seconds, setting, text, unset } from './kind.js';
import { queues } from './queue-kind.js';
import { routes } from './route-kind.js';

const exchangeType = oneOf('direct', 'topic', 'fanout');
const queueType = oneOf('classic', 'quorum');
const serializer = kind(z.string().min(1), 'the name of a serializer, as json');
const priority = kind(z.int().min(0).max(255), 'a whole number from 0 to 255');
const rate = kind(
  z.union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?(\/[smh])?$/)]),
  'a number per second, or a rate such as 10/m',
);
const deliveryMode = kind(
  z.union([
    z.literal([1, 2]),
    z.literal(['transient', 'persistent']).transform((name): 1 | 2 => (name === 'transient' ? 1 : 2)),
  ]),
  '1 (transient) or 2 (persistent)',
);
const retryPolicy = kind(
  z.object({
    max_retries: z.int().min(0).nullable().optional(),
    interval_start: z.number().min(0).optional(),
    interval_step: z.number().min(0).optional(),
    interval_max: z.number().min(0).optional(),
  }) as unknown as z.ZodType<RetryPolicy, RetryPolicy>,
  '{ max_retries, interval_start, interval_step, interval_max }',
);

/** How often and how long publishing is tried (seconds). `max_retries` null: for ever. */
export interface RetryPolicy {
  readonly max_retries?: number | null;
  readonly interval_start?: number;
  readonly interval_step?: number;
  readonly interval_max?: number;
}

/** How tasks are sent and run. */
export const taskSettings = {
  task_acks_late: setting(
    bool,
    true,
    'Acknowledge after the run instead of before it. Celery: false; here a lost worker must not lose work.',
  ),
  task_acks_on_failure_or_timeout: setting(
    bool,
    true,
    'With late acknowledgement: acknowledge tasks that failed or ran out of time as well.',
  ),
  task_acks_on_failure: unset(bool, 'As task_acks_on_failure_or_timeout, for failures only.'),
  task_acks_on_timeout: unset(bool, 'As task_acks_on_failure_or_timeout, for timeouts only.'),
  task_allow_error_cb_on_chord_header: setting(
    bool,
    false,
    'link_error of a chord goes to its header tasks as well.',
  ),
  task_always_eager: setting(
    bool,
    false,
    'Run what is called here and now instead of sending it, with its retries and workflow; for tests.',
  ),
  task_annotations: setting(anything, null, 'Overrides of task options. Carried for Python peers.'),
  task_compression: unset(text, 'How bodies are compressed: gzip, brotli or zstd. Null: not at all.'),
  task_create_missing_queues: setting(
    bool,
    true,
    'A queue that is not in task_queues is made with a direct exchange of its own.',
  ),
  task_create_missing_queue_type: setting(queueType, 'classic', 'RabbitMQ type of queues made so.'),
  task_create_missing_queue_exchange_type: unset(
    exchangeType,
    'Exchange type of queues made so. Null: direct.',
  ),
  task_default_delivery_mode: setting(deliveryMode, 2, '1: kept in memory by the broker. 2: kept on disk.'),
  task_default_exchange: unset(text, 'Exchange of the default queue. Null: the name of the default queue.'),
  task_default_exchange_type: setting(exchangeType, 'direct', 'Type of task_default_exchange.'),
  task_default_priority: unset(priority, 'Priority of calls that give none.'),
  task_default_queue: setting(text, 'celery', 'Queue of calls that no router sends elsewhere.'),
  task_default_queue_type: setting(queueType, 'classic', 'RabbitMQ type of the default queue.'),
  task_default_rate_limit: unset(rate, 'Rate limit of tasks that have none: `10/m`, per task and worker.'),
  task_default_routing_key: unset(text, 'Routing key of the default queue. Null: its name.'),
  task_eager_propagates: setting(
    bool,
    false,
    'With task_always_eager: a call rejects with what its task threw.',
  ),
  task_ignore_result: setting(bool, false, 'Tasks store no result unless they say otherwise.'),
  task_inherit_parent_priority: setting(bool, false, 'Calls made inside a task take its priority.'),
  task_protocol: setting(
    kind(z.literal(2) as z.ZodType<number, number>, '2: protocol 1 is read but never written'),
    2,
    'Version of the messages written.',
  ),
  task_publish_retry: setting(bool, true, 'Try again when the broker cannot be reached.'),
  task_publish_retry_policy: setting(
    retryPolicy,
    { max_retries: 3, interval_start: 0, interval_step: 0.2, interval_max: 1 },
    'How often publishing is tried again; seconds.',
  ),
  task_queue_max_priority: unset(priority, 'RabbitMQ: highest priority of queues that do not say.'),
  task_queues: unset(
    queues,
    'Every queue this program produces to or consumes from. Null: the default queue alone.',
  ),
  task_reject_on_worker_lost: setting(
    bool,
    true,
    'With late acknowledgement: a task whose worker died goes back to its queue. Celery: null.',
  ),
  task_remote_tracebacks: setting(bool, false, 'Carried for Python peers.'),
  task_repr_maxlevels: setting(count, 3, 'Nesting shown in argsrepr and kwargsrepr.'),
  task_retry_on_worker_lost: setting(bool, false, 'Count a lost worker as a retry.'),
  task_routes: unset(
    routes,
    'Where calls go: a router function, a mapping by task name, or a list of these.',
  ),
  task_send_sent_event: setting(bool, false, 'Send the event task-sent for each call.'),
  task_serializer: setting(serializer, 'json', 'Format of message bodies.'),
  task_soft_time_limit: unset(seconds, 'Seconds after which a task is told to end.'),
  task_store_eager_result: setting(
    bool,
    false,
    'With task_always_eager: results go to result_backend. False: they are kept in memory.',
  ),
  task_store_errors_even_if_ignored: setting(
    bool,
    false,
    'Store failures of tasks whose results are ignored.',
  ),
  task_time_limit: unset(seconds, 'Seconds after which a task is ended by force.'),
  task_track_started: setting(bool, false, 'Store the state STARTED when a task begins.'),
} as const;
