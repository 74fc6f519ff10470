import { z } from 'zod';
import type { Exchange, Queue } from '../../messaging/index.js';
import { type Kind, kind } from './kind.js';

/** A destination as a router gives it (Celery's `task_routes`): any call option; `queue` may be a name. */
export interface Route {
  readonly queue?: string | Queue;
  readonly exchange?: string | Exchange;
  readonly exchange_type?: string;
  readonly routing_key?: string;
  readonly [option: string]: unknown;
}

/** Asked for each call, in order; the first answer that is not null or undefined counts. A string names a queue. */
export type Router = (
  name: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
) => Route | string | null | undefined;

/** Task name, or a pattern with `*`, to a route or a queue name. */
export type RouteMap = Readonly<Record<string, Route | string>>;

/** What `task_routes` may be: one router, or a list of them. A map may also be a list of pairs. */
export type Routes =
  | Router
  | RouteMap
  | readonly (Router | RouteMap | readonly (readonly [string | RegExp, Route | string])[])[];

const route = z.union([z.string(), z.record(z.string(), z.unknown())]);
const router = z.custom<Router>((value) => typeof value === 'function');
const pattern = z.union([z.string(), z.instanceof(RegExp)]);
const one = z.union([router, z.array(z.tuple([pattern, route])), z.record(z.string(), route)]);

export const routes: Kind<Routes> = kind(
  z.union([z.array(one), one]) as unknown as z.ZodType<Routes, Routes>,
  'a function (name, args, kwargs, options) => route, a mapping from task names to routes, or a list of these',
);
