import type { z } from 'zod';
import type { PathNames } from '../routes/route.js';
import type { ROUTES } from '../routes/routes.js';

type AnyRoute = (typeof ROUTES)[number];
type Method = AnyRoute['method'];
type RouteAt<M extends Method, P> = Extract<AnyRoute, { readonly method: M; readonly path: P }>;

/** Paths that answer to a method. */
export type PathOf<M extends Method> = Extract<AnyRoute, { readonly method: M }>['path'];

type Schema<R, K extends 'query' | 'body' | 'answer'> = R extends { readonly [key in K]?: infer S }
  ? Extract<S, z.ZodType>
  : never;
type Wanted<K extends string, S> = [S] extends [never]
  ? object
  : { readonly [key in K]: z.input<S & z.ZodType> };
type Optional<K extends string, S> = [S] extends [never]
  ? object
  : { readonly [key in K]?: z.input<S & z.ZodType> };
type Parameters<P> = P extends string
  ? [PathNames<P>] extends [never]
    ? object
    : { readonly params: Readonly<Record<PathNames<P>, string>> }
  : object;

/** What a call is given. */
export type Inputs<M extends Method, P> = Parameters<P> &
  Optional<'query', Schema<RouteAt<M, P>, 'query'>> &
  Wanted<'body', Schema<RouteAt<M, P>, 'body'>> & {
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  };

/** Old answers carry when they were new; see `stale`. */
export interface Stale {
  readonly stale?: { readonly since: string };
}

/** What a call resolves with: the answer, or the response itself where it is a file or stream. */
export type Answers<M extends Method, P> = [Schema<RouteAt<M, P>, 'answer'>] extends [never]
  ? Response
  : z.output<Schema<RouteAt<M, P>, 'answer'>> & Stale;
