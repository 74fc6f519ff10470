import type { z } from 'zod';
import type { Role } from '../../platform/index.js';
import type { Principal } from '../auth/principal.js';
import type { DashboardContext } from '../http/environment.js';
import type { Services } from '../services.js';

/** `anyone`: also who is not signed in. */
export type Access = Role | 'anyone';
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
/** The names in a path: `/tasks/:id` has `id`. */
export type PathNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** What a route's handler is given: all of it checked. */
export interface Call<P extends string, Q, B> {
  readonly params: Readonly<Record<PathNames<P>, string>>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  /** Who asks. Throws SIGN_IN_REQUIRED where nobody is known: cannot happen but on routes for anyone. */
  readonly who: Principal;
  readonly services: Services;
  /** The raw request and answer, for headers and cookies. */
  readonly context: DashboardContext;
}

/** One path and method of the API. Serves requests, the OpenAPI file, the typed client and the table of roles. */
export interface Route<
  M extends 'GET' | 'POST' | 'DELETE' = 'GET' | 'POST' | 'DELETE',
  P extends string = string,
  Q extends z.ZodType | undefined = z.ZodType | undefined,
  B extends z.ZodType | undefined = z.ZodType | undefined,
  A extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly method: M;
  /** Below `/api/v1`. */
  readonly path: P;
  readonly summary: string;
  readonly access: Access;
  readonly query?: Q;
  readonly body?: B;
  /** Shape of the JSON answer. Without one `handle` makes the whole response, of `contentType`. */
  readonly answer?: A;
  readonly contentType?: string;
  /** The answer may be given again, marked stale, while the database is away. */
  readonly keep?: boolean;
  handle(call: Call<P, Q, B>): Promise<A extends z.ZodType ? z.input<A> : Response>;
}

/** Defines a route, its types inferred from its schemas. */
export const route = <
  const M extends 'GET' | 'POST' | 'DELETE',
  const P extends string,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  A extends z.ZodType | undefined = undefined,
>(
  definition: Route<M, P, Q, B, A>,
): Route<M, P, Q, B, A> => definition;
