import { ToolboxError } from '../base/index.js';
import type { Destination, Queue } from '../messaging/index.js';
import type { TaskCall } from './call-options.js';
import type { Route, Router, Routes, Settings } from './settings/index.js';
import type { Topology } from './topology.js';

/** Where a call goes, and the call's options with those of the router filled in. */
export interface Routing {
  readonly destination: Destination;
  /** The queue addressed, when one was: to be declared before the publish. */
  readonly queue: Queue | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Decides where a call goes (protocol 1.2): the `queue` option, the routers of `task_routes`, the default queue. */
export type CallRouter = (call: TaskCall) => Routing;

/** @throws (the router) ToolboxError UNROUTABLE for a route without a routing key, NOT_DECLARED for a queue that may not be made. */
export function callRouter(settings: Settings, topology: Topology): CallRouter {
  const routers = routersOf(settings.task_routes);
  return (call) => {
    const given = present(call.options);
    const name = typeof given['route_name'] === 'string' ? given['route_name'] : call.task;
    const answer = firstAnswer(routers, name, call, given);
    const routed = typeof answer === 'string' ? { queue: answer } : answer;
    const options: Route = { ...(given['queue'] === undefined ? routed : withoutPlace(routed)), ...given };
    const named =
      options.queue ??
      (answer === undefined && options.exchange === undefined ? settings.task_default_queue : undefined);
    const queue = typeof named === 'string' ? topology.queue(named) : named;
    const destination = destinationOf(options, queue, settings, topology);
    if (destination === undefined) throw noKey(call.task, options.exchange);
    return { destination, queue, options };
  };
}

/** A call that names its queue goes there: Celery would still use the router's exchange and key. */
const withoutPlace = (route: Route | undefined): Route =>
  Object.fromEntries(Object.entries(route ?? {}).filter(([key]) => !ROUTING.has(key)));

// Rules of Celery's sender, in its order.
function destinationOf(
  options: Route,
  queue: Queue | undefined,
  settings: Settings,
  topology: Topology,
): Destination | undefined {
  const exchange = nameOf(options.exchange);
  const routingKey = options.routing_key;
  const fallback =
    queue ?? (exchange === undefined ? topology.queue(settings.task_default_queue) : undefined);
  const type = options.exchange_type ?? fallback?.exchange.type ?? 'direct';
  if ((!exchange || !routingKey) && type === 'direct' && fallback !== undefined) {
    return { exchange: '', routingKey: fallback.name };
  }
  const key = routingKey ?? fallback?.routingKey ?? settings.task_default_routing_key;
  if (key === undefined || key === null) return undefined;
  return { exchange: exchange ?? fallback?.exchange.name ?? '', routingKey: key };
}

const noKey = (task: string, exchange: Route['exchange']): ToolboxError =>
  new ToolboxError(
    'UNROUTABLE',
    `The route of task ${task} names exchange ${nameOf(exchange)} but no routing key: give routing_key or queue`,
    { fields: { task, exchange: nameOf(exchange) } },
  );

const nameOf = (exchange: Route['exchange']): string | undefined =>
  typeof exchange === 'object' ? exchange.name : exchange;

/** Options that say something: null and undefined leave the decision to the router. */
const present = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([key, value]) => value !== undefined && (value !== null || !ROUTING.has(key)),
    ),
  );

const ROUTING = new Set(['queue', 'exchange', 'routing_key', 'exchange_type']);

function firstAnswer(
  routers: readonly Router[],
  name: string,
  { args, kwargs }: TaskCall,
  options: Readonly<Record<string, unknown>>,
): Route | string | undefined {
  for (const router of routers) {
    const answer = router(name, args, kwargs, options);
    if (answer !== null && answer !== undefined) return answer;
  }
  return undefined;
}

function routersOf(routes: Routes | null): readonly Router[] {
  if (routes === null) return [];
  const list = Array.isArray(routes) ? routes : [routes];
  return list.map((one) => (typeof one === 'function' ? one : mapRouter(one)));
}

type Pairs = readonly (readonly [string | RegExp, Route | string])[];

/** Exact names first, then patterns in their order, as Celery's MapRoute. */
function mapRouter(map: Pairs | Readonly<Record<string, Route | string>>): Router {
  const pairs: Pairs = Array.isArray(map) ? map : Object.entries(map);
  const exact = new Map(pairs.filter(([key]) => typeof key === 'string' && !key.includes('*')));
  const patterns = pairs
    .filter(([key]) => typeof key !== 'string' || key.includes('*'))
    .map(([key, route]) => [typeof key === 'string' ? globPattern(key) : key, route] as const);
  return (name) => exact.get(name) ?? patterns.find(([pattern]) => pattern.test(name))?.[1];
}

/** A shell pattern with `*` and `?` as an anchored expression. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
