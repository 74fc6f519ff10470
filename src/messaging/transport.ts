import type { Clock, Logger } from '../base/index.js';
import type { Coordination } from '../coordination/index.js';
import type { Delivery, OutgoingMessage } from './message.js';
import type { Destination, Exchange, Queue } from './topology.js';

/** What a transport can do. Code asks these questions; it never asks for a transport's name. */
export interface TransportCapabilities {
  /** One publish reaches all bound queues or none (`atomic`), or each queue is sent its copy (`per-queue`). */
  readonly fanOut: 'atomic' | 'per-queue';
  /** Longest native delay in seconds; 0 when the broker cannot delay. */
  readonly maxDelaySeconds: number;
  /** Longest time in seconds for which a delivery given back stays away at the broker; 0 when only this process can wait. */
  readonly maxParkSeconds: number;
  /** Shorter delays are better left to whoever receives the message: the broker's own would cost more than they save. */
  readonly minDelaySeconds: number;
  /** Deliveries are held under a lease that the transport renews. */
  readonly leased: boolean;
  readonly priorities: boolean;
  /** Remote control and events can be broadcast: fanout exchanges reach the consumers of every program. */
  readonly broadcast: boolean;
  /** The exchange type with which event listeners get what matches their binding key, as kombu chooses it. */
  readonly eventExchangeType: 'topic' | 'fanout';
  /** Largest message in bytes as the broker counts it; `Infinity` when it sets no limit. */
  readonly maxMessageBytes: number;
}

export interface PublishOptions extends Destination {
  /** Ends the wait. The message may still have been sent. */
  readonly signal?: AbortSignal;
  /** False for what may have no taker (broadcasts, replies, events): without one it is dropped. Default true: UNROUTABLE. */
  readonly mandatory?: boolean;
}

export interface ConsumeOptions {
  readonly queues: readonly Queue[];
  /** Most unsettled deliveries at a time; 0 means no limit of ours (the transport then uses its own). */
  readonly prefetch: number;
  /**
   * Deliveries count as settled when they arrive; settling them does nothing, `prefetch` has no effect, and what is in
   * hand when the program ends is lost. For broadcasts, replies and events. Default false.
   */
  readonly noAck?: boolean;
  /**
   * What is done with the messages may block the event loop: where leases have to be renewed, a thread does so whenever
   * the loop does not answer. Default false.
   */
  readonly mayBlock?: boolean;
  /** Called for each message, not awaited: settle the delivery when done. Must not throw. */
  readonly onDelivery: (delivery: Delivery) => void;
  /** Told when consuming is interrupted (`down`) and when it goes on (`up`). Recovery is the transport's matter. */
  readonly onConnection?: (event: { readonly kind: 'down' | 'up'; readonly cause?: unknown }) => void;
}

/** A running consumer. */
export interface Consumption {
  /** Changes the limit of unsettled deliveries while running. */
  setPrefetch(count: number): void;
  /** Starts or stops fetching; held deliveries and their leases are untouched. */
  pause(): void;
  resume(): void;
  /** Ends fetching. Resolves when no further `onDelivery` call will come and no receive is in flight; held deliveries stay valid. */
  stop(): Promise<void>;
  /** Milliseconds (monotonic) of the last sign of life from the broker: what liveness is judged by. */
  readonly lastPoll: number;
}

/** Where a queue's messages go that were delivered too often. */
export interface DeadLetters {
  readonly queue: string;
  readonly maxDeliveries: number;
  /** Messages there now. */
  readonly waiting: number;
}

/** A queue that an exchange leads to. */
export interface BoundQueue {
  readonly queue: string;
  readonly routingKey: string;
}

/** How many messages a queue has, as far as its broker tells; null where it does not. */
export interface QueueCounts {
  /** Ready to be handed out. */
  readonly waiting: number;
  /** Handed out and not settled. */
  readonly held: number | null;
  /** To be handed out later. */
  readonly delayed: number | null;
  readonly consumers: number | null;
}

/**
 * What messaging sees of a broker. Adapters translate driver errors at their edge: BROKER_UNREACHABLE, BROKER_REFUSED,
 * NOT_DECLARED, UNROUTABLE, BUDGET_EXCEEDED. A lost connection is repaired inside; publishes wait for it until
 * their signal or the transport's own deadline ends them.
 */
export interface Transport {
  readonly capabilities: TransportCapabilities;
  /** Where it connects to, password masked. */
  readonly url: string;
  /** Locks and lines that the broker keeps for its programs, where it can. They end with the transport. */
  readonly coordination?: Coordination | undefined;
  /** What becomes of held messages while the event loop is blocked, as words for a warning. */
  readonly whenSilent?: string;
  /** Resolves when the broker has answered; rejects with BROKER_UNREACHABLE or BROKER_REFUSED. Idempotent. */
  connect(signal?: AbortSignal): Promise<void>;
  /** Declares queues, their exchanges and bindings. Repeating it is harmless. */
  declare(queues: readonly Queue[]): Promise<void>;
  /** Declares an exchange alone: for those who publish to queues that others declare. Repeating it is harmless. */
  declareExchange(exchange: Exchange): Promise<void>;
  /**
   * Resolves when the broker has taken responsibility (confirm, reply). Rejects with UNROUTABLE when no queue that is
   * not a tap would take it. Declared queues only: an exchange unknown to the broker rejects with NOT_DECLARED.
   */
  publish(message: OutgoingMessage, options: PublishOptions): Promise<void>;
  /** Starts consuming. The queues are declared first and again after each reconnect. */
  consume(options: ConsumeOptions): Promise<Consumption>;
  /** Messages waiting, as far as the broker tells. */
  size(queue: string): Promise<number>;
  /** The same with all else that the broker tells of a queue at one question. NOT_DECLARED when there is none. */
  count(queue: string): Promise<QueueCounts>;
  /** The queue's dead letters, where the broker has a rule for them; NOT_DECLARED when the rule leads nowhere. */
  deadLetters?(queue: string): Promise<DeadLetters | undefined>;
  /** What any program has bound to an exchange, where the broker tells its clients; empty for an exchange nobody knows. */
  readonly bindings?: ((exchange: string) => Promise<readonly BoundQueue[]>) | undefined;
  /** What in the broker's own configuration may lose messages, in words; empty when nothing does. */
  hazards?(): Promise<readonly string[]>;
  /** Deletes the waiting messages; resolves with their number as far as the broker tells. */
  purge(queue: string): Promise<number>;
  /** Deletes the queue itself, where it exists. For tests and administration. */
  deleteQueue(queue: string): Promise<void>;
  /** Flushes what is batched, ends everything. Held deliveries go back to their queues as the broker does it. */
  close(): Promise<void>;
}

/** What every transport is made from. */
export interface TransportContext {
  /** `broker_url` as configured, or a bare `name://`. */
  readonly url: string;
  /** `broker_transport_options`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The same, from settings of their own (`broker_heartbeat`, ...), under the names of the options: these win. */
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  readonly clock: Clock;
}

export type TransportFactory = (context: TransportContext) => Promise<Transport>;

/** Loads a transport's code. */
export interface TransportLoader {
  (): Promise<TransportFactory>;
  /** The broker is this process: no other process or thread can reach it. Default false. */
  readonly inProcess?: boolean;
}

/** URL schemes to lazily loaded factories. Each app owns one; it is filled by the composition root. */
export type TransportRegistry = ReadonlyMap<string, TransportLoader>;
