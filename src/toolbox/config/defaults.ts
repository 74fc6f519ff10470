/** Names of the service queues of the Cadasta platform. */
export const DEFAULT_QUEUES: readonly string[] = Object.freeze(['msg', 'export']);

/** Defaults that stand by themselves. The type of each tells how its environment variable is read. */
export const DEFAULTS: Readonly<Record<string, unknown>> = Object.freeze({
  QUEUES: DEFAULT_QUEUES,
  PLATFORM_QUEUE_NAME: 'platform.fifo',
  QUEUE_NAME_PREFIX: 'dev',
  RESULT_DB_USER: 'cadasta',
  RESULT_DB_PASS: 'cadasta',
  RESULT_DB_HOST: 'localhost',
  RESULT_DB_PORT: '5432',
  RESULT_DB_NAME: 'cadasta',
  CHORD_UNLOCK_MAX_RETRIES: 43_200,
  broker_transport: 'sqs',
  result_backend:
    'db+postgresql://{0.RESULT_DB_USER}:{0.RESULT_DB_PASS}@{0.RESULT_DB_HOST}:{0.RESULT_DB_PORT}/{0.RESULT_DB_NAME}',
  task_default_exchange: 'task_exchange',
  task_default_exchange_type: 'topic',
  task_track_started: true,
});

/** Environment variables without prefix that the first releases read. */
export const PLAIN_VARIABLES: Readonly<Record<string, string>> = Object.freeze({
  QUEUE_NAME_PREFIX: 'QUEUE_PREFIX',
  RESULT_DB_USER: 'RESULT_DB_USER',
  RESULT_DB_PASS: 'RESULT_DB_PASS',
  RESULT_DB_HOST: 'RESULT_DB_HOST',
  RESULT_DB_PORT: 'RESULT_DB_PORT',
  RESULT_DB_NAME: 'RESULT_DB_NAME',
});
