import {
  type App,
  decodeContext,
  decodeTaskMessage,
  type Signals,
  type TaskMessage,
} from '../../app/index.js';

/** A call that the broker has taken. */
export interface SentTask {
  readonly task: string;
  readonly id: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Names of the queues it reached, the platform's included. */
  readonly queues: readonly string[];
  /** 0 for a first attempt. */
  readonly retries: number;
  /** Seconds until it is due; null: at once. */
  readonly countdown: number | null;
  readonly rootId: string;
  readonly parentId: string | null;
  readonly groupId: string | null;
  /** Headers that are not the protocol's own. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Options that travel as message properties: `creator_id`, `is_result`, ... */
  readonly properties: Readonly<Record<string, unknown>>;
  /** All of it, as a worker reads it. */
  readonly message: TaskMessage;
}

/** Reads a published message as a worker would. */
export async function sentTask(
  app: App,
  { message: outgoing, exchange, routingKey }: Signals['after_task_publish'],
  queues: readonly string[],
): Promise<SentTask> {
  const delivery = {
    ...outgoing,
    info: { exchange, routingKey, queue: queues[0] ?? routingKey, redelivered: false, priority: null },
    lost: new AbortController().signal,
    ack: () => Promise.resolve(),
    reject: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
  const message = await decodeTaskMessage(delivery, decodeContext(app));
  const { task, id, args, kwargs, retries, rootId, parentId, groupId, eta } = message;
  return {
    task,
    id,
    args,
    kwargs,
    queues,
    retries,
    countdown: eta === null ? null : (Date.parse(eta) - app.clock.now()) / 1000,
    rootId,
    parentId,
    groupId,
    headers: message.customHeaders,
    properties: message.customProperties,
    message,
  };
}
