import { type Clock, hasCode, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { Consumption, Delivery, Transport } from '../../messaging/index.js';
import type { SerializerRegistry } from '../../serialization/index.js';
import { ChangeFeed } from '../change-feed.js';
import { celeryMeta, metaFromCelery, pendingMeta, unreadableMeta } from '../meta-format.js';
import { mayReplace, weightOf } from '../precedence.js';
import type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultRecord,
  TaskMeta,
  WatchOptions,
} from '../result-backend.js';
import { replyQueue } from './reply-queue.js';

export interface RpcResultBackendParts {
  readonly broker: () => Promise<Transport>;
  /** The queue that replies to this program come to. */
  readonly replyTo: string;
  readonly serializers: SerializerRegistry;
  readonly serializer: string;
  readonly accept: readonly string[];
  /** Reply messages outlive a restart of the broker (`result_persistent`). */
  readonly persistent: boolean;
  /** Seconds an unused reply queue is kept, and a reply in memory; 0: for ever. */
  readonly expires: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Replies kept in memory that nobody has forgotten. */
const MOST_KEPT = 100_000;

/**
 * Results as messages to their callers (Celery's rpc backend): a worker sends each to the queue its call names, the caller
 * keeps the latest of each task in memory. Nobody else can ask for a result; there are no chords and no saved groups.
 */
export class RpcResultBackend implements ResultBackend {
  readonly capabilities: ResultBackendCapabilities = { notifies: true, children: true };
  readonly url = 'rpc://';
  readonly #parts: RpcResultBackendParts;
  readonly #feed = new ChangeFeed();
  readonly #known = new Map<string, { readonly meta: TaskMeta; readonly at: number }>();
  #listening: Promise<Consumption> | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: RpcResultBackendParts) {
    this.#parts = parts;
  }

  async connect(): Promise<void> {
    const { capabilities } = await this.#transport();
    if (capabilities.broadcast) return;
    throw new ToolboxError(
      'CONFIG_INVALID',
      'result_backend rpc:// needs RabbitMQ or Redis as broker: a queue for each caller costs too much elsewhere. Use a database',
      { fields: { setting: 'result_backend' } },
    );
  }

  /** Resolves when the broker has it. Nothing is sent when nobody asked for a reply. */
  async store(record: ResultRecord): Promise<void> {
    const { replyTo, taskId } = record;
    const { serializers, serializer, persistent, clock } = this.#parts;
    // Encoded in this turn: what the task does to its value afterwards changes nothing.
    const encoding = serializers.encode(serializer, celeryMeta(record, clock.now()));
    const { body, contentType, contentEncoding } = await encoding;
    if (!replyTo) return;
    const properties = {
      correlation_id: record.correlationId ?? taskId,
      delivery_mode: persistent ? 2 : 1,
    } as const;
    const message = { body, contentType, contentEncoding, headers: {}, properties };
    const transport = await this.#transport();
    await asResults(`send the result of task ${taskId}`, () =>
      transport.publish(message, { exchange: '', routingKey: replyTo, mandatory: false }),
    );
  }

  async get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    await this.expectReplies();
    return taskIds.map((taskId) => this.#known.get(taskId)?.meta ?? pendingMeta(taskId));
  }

  async *watch(taskIds: readonly string[], { signal }: WatchOptions): AsyncGenerator<readonly string[]> {
    await this.expectReplies();
    yield* this.#feed.follow(taskIds, signal);
  }

  async forget(taskId: string): Promise<void> {
    if (this.#known.delete(taskId)) this.#feed.changed(taskId);
  }

  /** Declares the queue of replies and listens to it, once. */
  async expectReplies(): Promise<void> {
    this.#listening ??= this.#listen();
    await this.#listening.catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
  }

  saveGroup(group: GroupMeta): Promise<void> {
    return Promise.reject(noGroups(group.groupId));
  }

  getGroup(groupId: string): Promise<GroupMeta | undefined> {
    return Promise.reject(noGroups(groupId));
  }

  deleteGroup(groupId: string): Promise<void> {
    return Promise.reject(noGroups(groupId));
  }

  async close(): Promise<void> {
    const listening = await this.#listening?.catch(() => undefined);
    if (listening === undefined) return;
    const { broker, replyTo, logger } = this.#parts;
    try {
      await listening.stop();
      await this.#reading;
      await (await broker()).deleteQueue(replyTo);
    } catch (error) {
      logger.debug({ queue: replyTo, error: messageOf(error) }, 'the queue of replies was left to expire');
    }
  }

  #transport(): Promise<Transport> {
    return asResults('reach the broker', () => this.#parts.broker());
  }

  async #listen(): Promise<Consumption> {
    const { replyTo, expires } = this.#parts;
    const transport = await this.#transport();
    return asResults('listen for replies', () =>
      transport.consume({
        queues: [replyQueue(replyTo, expires)],
        prefetch: 0,
        noAck: true,
        onDelivery: (delivery) => {
          // One after the other: the order of a task's states is that of its messages.
          this.#reading = this.#reading.then(() => this.#read(delivery));
        },
      }),
    );
  }

  async #read(delivery: Delivery): Promise<void> {
    const { serializers, accept, logger } = this.#parts;
    const { correlation_id: correlated } = delivery.properties;
    try {
      const value = await serializers.decodeMessage(delivery, { accept });
      const taskId = idIn(value) ?? correlated;
      if (typeof taskId === 'string') this.#keep(metaFromCelery(taskId, value));
    } catch (error) {
      logger.warn({ id: correlated, error: messageOf(error) }, 'a reply cannot be read');
      if (typeof correlated === 'string' && error instanceof ToolboxError)
        this.#keep(unreadableMeta(correlated, error));
    }
  }

  #keep(meta: TaskMeta): void {
    const { clock, expires } = this.#parts;
    const at = clock.monotonic();
    if (mayReplace(this.#known.get(meta.taskId)?.meta.status, weightOf(meta))) {
      this.#known.delete(meta.taskId);
      this.#known.set(meta.taskId, { meta, at });
      for (const [taskId, kept] of this.#known) {
        const old = expires > 0 && at - kept.at > expires * 1000;
        if (!old && this.#known.size <= MOST_KEPT) break;
        this.#known.delete(taskId);
      }
    }
    this.#feed.changed(meta.taskId);
  }
}

const idIn = (value: unknown): unknown => (value as { readonly task_id?: unknown } | null)?.task_id;

const noGroups = (groupId: string): ToolboxError =>
  new ToolboxError(
    'RESULT_DISABLED',
    `Group ${groupId} cannot be saved or restored: result_backend rpc:// keeps no groups. Use a database or Redis`,
    { fields: { groupId } },
  );

/** Failures of the broker as those of a result store: worth another try, or not until somebody acts. */
async function asResults<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const code = hasCode(error, 'BROKER_UNREACHABLE')
      ? 'RESULT_BACKEND_UNREACHABLE'
      : hasCode(error, 'BROKER_REFUSED')
        ? 'RESULT_BACKEND_REFUSED'
        : undefined;
    if (code === undefined) throw error;
    throw new ToolboxError(code, `Cannot ${what}: ${messageOf(error)}`, { cause: error });
  }
}
