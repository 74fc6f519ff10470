import { Hono } from 'hono';
import { messageOf } from '../base/index.js';
import { addFlowerPaths } from './flower/flower-paths.js';
import { flowerProblem } from './flower/flower-request.js';
import { allowedHosts } from './http/allowed-hosts.js';
import { addressList, clientOf } from './http/client.js';
import type { Environment, Layer } from './http/environment.js';
import { jsonAnswer } from './http/json-answer.js';
import { addProbes } from './http/probes.js';
import { notFound, problemFrom, problemResponse } from './http/problem.js';
import { sameOrigin } from './http/same-origin.js';
import { securityHeaders } from './http/security-headers.js';
import { metricsPage } from './metrics/metrics-page.js';
import { openApi } from './openapi/open-api.js';
import type { DashboardOptions } from './options.js';
import { staticFiles, WEB_ROOT } from './pages/static-files.js';
import { ROUTES } from './routes/routes.js';
import { RouteServer } from './routes/serve-route.js';
import type { Services } from './services.js';

/** All layers, outermost first: headers, who is at the wire, host, origin, who asks, routes. */
export function httpApp(
  services: Services,
  {
    urlPrefix,
    trustedProxies = [],
    allowedHosts: hosts = [],
    webRoot = WEB_ROOT,
    metricsToken,
  }: DashboardOptions & { urlPrefix: string },
): Hono<Environment> {
  const { gate, logger } = services;
  const app = new Hono<Environment>({ getPath: (request) => pathBelow(urlPrefix, request.url) });
  const trusted = addressList(trustedProxies);
  const client: Layer = async (c, next) => {
    c.set('client', clientOf(c.env.incoming, trusted, urlPrefix));
    await next();
  };
  const principal: Layer = async (c, next) => {
    c.set('principal', await gate.principal(c));
    await next();
  };

  app.use(
    securityHeaders,
    client,
    allowedHosts(hosts, () => gate.open()),
    sameOrigin,
  );
  app.use('/api/*', principal);
  const server = new RouteServer(services);
  for (const route of ROUTES) app.on(route.method, `/api/v1${route.path}`, server.handler(route));
  let description: string | undefined;
  app.get('/api/v1/openapi.json', (c) => {
    description ??= JSON.stringify(openApi());
    return jsonAnswer(c, description);
  });
  addFlowerPaths(app, services);
  addProbes(app, services);
  app.get('/metrics', metricsPage(services, metricsToken));
  app.all('/api/*', () => Promise.reject(notFound('the API has no such path')));
  app.get('*', staticFiles(webRoot));
  app.notFound(() => problemResponse(notFound('there is no such path')));
  app.onError((error, c) => {
    const problem = problemFrom(error);
    if (problem.status >= 500)
      logger.error(
        { method: c.req.method, path: c.req.path, error: messageOf(error), err: error },
        'dashboard',
      );
    return isFlowers(c.req.path) ? flowerProblem(problem) : problemResponse(problem);
  });
  return app;
}

const isFlowers = (path: string): boolean => path.startsWith('/api/') && !path.startsWith('/api/v1/');

/** The path without our prefix, which a server around us may or may not have taken off. */
function pathBelow(prefix: string, url: string): string {
  const from = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.slice(from).search(/[?#]/);
  const path = end === -1 ? url.slice(from) : url.slice(from, from + end);
  const below =
    prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`)) ? path.slice(prefix.length) : path;
  return below === '' ? '/' : below;
}
