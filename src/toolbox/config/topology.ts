import type { Exchange, ExchangeType, Queue } from '../../messaging/index.js';

/** What the architecture's queues are made from. */
export interface TopologyParts {
  readonly exchange: Exchange;
  readonly queues: readonly string[];
  readonly platformQueue: string;
}

export const exchangeOf = (name: string, type: ExchangeType): Exchange => ({ name, type });

/**
 * The queues every program of the system must know: `celery`, one for each service, and the platform queue, which is
 * bound with `#` and so receives a copy of every message.
 */
export function buildQueues({ exchange, queues, platformQueue }: TopologyParts): Set<Queue> {
  const names = new Set(['celery', ...queues].filter((name) => name !== platformQueue));
  return new Set([
    ...[...names].map((name): Queue => ({ name, exchange, routingKey: name })),
    { name: platformQueue, exchange, routingKey: '#', tap: true },
  ]);
}

export interface Route {
  readonly exchange: Exchange;
  readonly routing_key: string;
}

/** Routes a task by its name up to the first dot: `export.project` goes to the queue bound with `export`. */
export const buildRouter =
  (exchange: Exchange) =>
  (name: string): Route => ({ exchange, routing_key: name.split('.', 1)[0] ?? name });
