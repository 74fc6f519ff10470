import { newId } from '../base/index.js';

export type ExchangeType = 'direct' | 'topic' | 'fanout';

/** An exchange as kombu declares it. The empty name is the anonymous exchange: routing key = queue name. */
export interface Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  /** Survives a broker restart. Default true. */
  readonly durable?: boolean;
}

/** A queue with its one binding, as kombu.Queue. */
export interface Queue {
  readonly name: string;
  /** The exchange it is bound to. Default: a direct exchange of the queue's own name. */
  readonly exchange: Exchange;
  /** The binding key. */
  readonly routingKey: string;
  /** A further name to address it by in this program, as kombu has it for queues whose own name is random. */
  readonly alias?: string;
  /** Default true. */
  readonly durable?: boolean;
  /** It goes with its last consumer. Default false. */
  readonly autoDelete?: boolean;
  /** Only the program that consumes from it may use it, where the broker can see to that: declared by `consume` alone. */
  readonly exclusive?: boolean;
  /** Broker arguments (`x-max-priority`, `x-queue-type`, ...), sent as they are. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** Arguments of its consumers (`x-priority`), where the broker takes any. */
  readonly consumerArguments?: Readonly<Record<string, unknown>>;
  /**
   * A wire tap: receives copies of what others are sent. It never counts as a destination (a message that only
   * taps would take is unroutable), and where the broker has no atomic fan-out its copy is sent first.
   */
  readonly tap?: boolean;
}

/** Where a message goes. */
export interface Destination {
  /** `''` addresses the queue named by the routing key directly. */
  readonly exchange: string;
  readonly routingKey: string;
}

/** A queue of its own direct exchange: what Celery creates for a name it does not know. */
export function directQueue(name: string): Queue {
  return { name, exchange: { name, type: 'direct' }, routingKey: name };
}

/**
 * A queue of this program alone on a fanout exchange of that name, as kombu.common.Broadcast: every worker that has it gets
 * each message, and without a worker messages are dropped. Route to it by `name`.
 */
export const broadcastQueue = (name: string, queue = `bcast.${newId()}`): Queue => ({
  name: queue,
  alias: name,
  exchange: { name, type: 'fanout' },
  routingKey: '',
  autoDelete: true,
});

/** Such a queue belongs to the worker that consumes from it: producers declare its exchange alone. */
export const isBroadcast = ({ exchange, autoDelete }: Queue): boolean =>
  exchange.type === 'fanout' && autoDelete === true;
