import type { Hono } from 'hono';
import type { Services } from '../services.js';
import type { Environment } from './environment.js';

/** `/healthcheck` (Flower's), `/livez` (this process works), `/readyz` (and its database answers). Open to everybody: they tell nothing else. */
export function addProbes(app: Hono<Environment>, { watch }: Pick<Services, 'watch'>): void {
  app.get('/healthcheck', (c) => c.text('OK'));
  app.get('/livez', (c) => c.text('ok'));
  app.get('/readyz', async (c) =>
    (await watch.look()) ? c.text('ok') : c.text('the database does not answer', 503),
  );
}
