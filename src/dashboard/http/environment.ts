import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Principal } from '../auth/principal.js';
import type { Client } from './client.js';

/** What a request carries from one layer to the next. */
export interface Environment {
  Bindings: HttpBindings;
  Variables: {
    /** Who is at the other end of the wire, proxies looked through. */
    client: Client;
    /** Who asks; undefined for nobody known. */
    principal: Principal | undefined;
  };
}
export type DashboardContext = Context<Environment>;
export type Layer = MiddlewareHandler<Environment>;
