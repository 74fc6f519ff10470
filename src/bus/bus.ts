import type { Clock, Logger } from '../base/index.js';
import type { SerializerRegistry } from '../serialization/index.js';
import type { ControlRequest, ReceivedReply, ReceivedRequest, ReplyAddress } from './control-request.js';
import type { CeleryEvent } from './event.js';

/** Something that listens. */
export interface Subscription {
  /** Resolves when nothing more will be told. */
  close(): Promise<void>;
}

/** A place for replies. */
export interface ReplyBox extends Subscription {
  readonly address: ReplyAddress;
}

/** Events of one group that travel together: one, or (Celery 4 and later) several under `<group>.multi`. */
export interface EventBatch {
  readonly routingKey: string;
  readonly hostname: string;
  readonly events: CeleryEvent | readonly CeleryEvent[];
}

/**
 * The way to all workers at once: commands, their replies, events. On brokers with broadcast it is Celery's pidbox and
 * `celeryev`; elsewhere it is a database. Nothing here is kept for those who come later, but revokes in a database: who
 * listens, hears. With `task_serializer` `auth`, commands and replies are signed, and what is not signed is not heard.
 *
 * Adapters translate driver errors: BROKER_UNREACHABLE, BROKER_REFUSED, STORE_UNREACHABLE, STORE_REFUSED. A lost
 * connection is repaired inside; subscriptions go on.
 */
export interface Bus {
  /** Where it goes, password masked. */
  readonly url: string;
  /** Hears every command from now on, its own node's included; it is the caller who looks whom it is for. */
  serve(node: string, onRequest: (request: ReceivedRequest) => void): Promise<Subscription>;
  /** Revokes sent before that still hold, oldest first. None on brokers: there workers tell each other. */
  remembered(): Promise<readonly ReceivedRequest[]>;
  /** Sends a command. `ttlSeconds`: how long the caller waits for an answer; 0: it does not. */
  send(
    request: ControlRequest,
    options: { readonly clock: number; readonly ttlSeconds: number },
  ): Promise<void>;
  /** A place for the replies to one's own commands. */
  openReplies(onReply: (reply: ReceivedReply) => void): Promise<ReplyBox>;
  /** Answers a command. When nobody waits any more, that is nobody's fault. */
  reply(to: ReplyAddress, reply: ReceivedReply): Promise<void>;
  publish(batch: EventBatch): Promise<void>;
  /** Hears events whose routing key matches `pattern` (`#`, `worker.#`), as they were sent. */
  subscribe(pattern: string, onEvents: (events: readonly unknown[]) => void): Promise<Subscription>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** The settings that concern the bus, under Celery's names. Times in seconds. */
export interface BusSettings {
  readonly accept_content: readonly string[];
  readonly task_serializer: string;
  readonly control_exchange: string;
  readonly control_queue_ttl: number;
  readonly control_queue_expires: number;
  readonly control_queue_durable: boolean;
  readonly control_queue_exclusive: boolean;
  readonly event_exchange: string;
  readonly event_queue_prefix: string;
  readonly event_queue_ttl: number;
  readonly event_queue_expires: number;
  readonly event_queue_durable: boolean;
  readonly event_queue_exclusive: boolean;
  readonly event_serializer: string;
}

/** What a bus of its own connection is made from. */
export interface BusContext {
  readonly url: string;
  readonly settings: BusSettings;
  /** What this program calls itself to those it sends commands to. */
  readonly origin: string;
  readonly serializers: SerializerRegistry;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Resolves with a connected bus. */
export type BusFactory = (context: BusContext) => Promise<Bus>;

/** URL schemes to lazily loaded factories, filled by the composition root. */
export type BusRegistry = ReadonlyMap<string, () => Promise<BusFactory>>;
