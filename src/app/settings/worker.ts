import { z } from 'zod';
import { bool, count, kind, seconds, setting, text, unset } from './kind.js';

const concurrency = kind(z.union([z.int().min(1), z.literal('auto')]), 'a whole number from 1, or auto');

/** How workers work. */
export const workerSettings = {
  worker_agent: unset(text, 'Carried for Python peers.'),
  worker_autoscaler: setting(text, 'celery.worker.autoscale:Autoscaler', 'Carried for Python peers.'),
  worker_cancel_long_running_tasks_on_connection_loss: setting(
    bool,
    false,
    'Cancel tasks that run when the connection is lost and their messages with it.',
  ),
  worker_concurrency: unset(concurrency, 'Tasks run at a time. Null or auto: the number of processors.'),
  worker_consumer: setting(text, 'celery.worker.consumer:Consumer', 'Carried for Python peers.'),
  worker_deduplicate_successful_tasks: setting(
    bool,
    false,
    'Carried for Python peers: here a redelivered task that already succeeded is never run again.',
  ),
  worker_detect_quorum_queues: setting(bool, true, 'Find out whether RabbitMQ queues are quorum queues.'),
  worker_direct: setting(bool, false, 'Each worker also consumes a queue of its own.'),
  worker_disable_prefetch: setting(bool, false, 'Take a message only when a slot is free.'),
  worker_disable_rate_limits: setting(bool, false, 'Ignore all rate limits.'),
  worker_enable_prefetch_count_reduction: setting(
    bool,
    true,
    'After a lost connection, take fewer messages while old tasks still run.',
  ),
  worker_enable_remote_control: setting(bool, true, 'Answer inspect and control commands.'),
  worker_enable_soft_shutdown_on_idle: setting(
    bool,
    false,
    'Carried for Python peers: here what waits goes back at once, so an idle worker has nothing to wait for.',
  ),
  worker_eta_task_limit: unset(count, 'Most tasks held in memory until their time has come.'),
  worker_hijack_root_logger: setting(bool, true, 'Carried for Python peers.'),
  worker_log_color: unset(bool, 'Coloured log lines. Null: when the output is a terminal.'),
  worker_log_datefmt: unset(text, 'Dates in log lines, as strftime reads it (UTC).'),
  worker_log_format: setting(
    text,
    '[%(asctime)s: %(levelname)s/%(processName)s] %(message)s',
    'Log lines for people, as Python logging reads it; fields follow. processName is the name of the app.',
  ),
  worker_lost_wait: setting(seconds, 10, 'Seconds to wait for the result of a process that died.'),
  worker_max_memory_per_child: unset(count, 'KiB after which a child is replaced.'),
  worker_max_tasks_per_child: unset(count, 'Tasks after which a child is replaced.'),
  worker_pool: setting(text, 'async', 'How tasks are run: async, threads, prefork or solo. Celery: prefork.'),
  worker_pool_putlocks: setting(bool, true, 'Carried for Python peers.'),
  worker_pool_restarts: setting(bool, false, 'Allow the command pool_restart.'),
  worker_pool_start_method: setting(text, 'fork', 'Carried for Python peers.'),
  worker_prefetch_multiplier: setting(count, 4, 'Messages taken per slot; 0: no limit.'),
  worker_proc_alive_timeout: setting(seconds, 4, 'Seconds a child may take to come up.'),
  worker_redirect_stdouts: setting(bool, true, 'Send what tasks write with console to the log.'),
  worker_redirect_stdouts_level: setting(text, 'WARNING', 'At which level.'),
  worker_send_task_events: setting(bool, false, 'Send task events.'),
  worker_soft_shutdown_timeout: setting(
    seconds,
    0,
    'Seconds running tasks get at SIGQUIT before they are cut off. 0: one second.',
  ),
  worker_state_db: unset(text, 'File in which revoked ids outlive the worker.'),
  worker_task_log_datefmt: unset(text, 'Dates in the lines that tasks log.'),
  worker_task_log_format: setting(
    text,
    '[%(asctime)s: %(levelname)s/%(processName)s] %(task_name)s[%(task_id)s]: %(message)s',
    'Lines that tasks themselves log.',
  ),
  worker_timer: unset(text, 'Carried for Python peers.'),
  worker_timer_precision: setting(seconds, 1, 'Longest pause between looks at waiting tasks.'),
} as const;
