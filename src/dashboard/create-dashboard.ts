import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { silentLogger, systemClock, ToolboxError } from '../base/index.js';
import { httpApp } from './http-app.js';
import { openServices } from './open-services.js';
import type { DashboardOptions } from './options.js';

/** A dashboard to be mounted in a server: `createServer(dashboard.handler)`, or `app.use('/board', dashboard.handler)`. */
export interface Dashboard {
  readonly handler: RequestListener;
  /** True as long as there is no way to sign in: only this machine is let in. */
  open(): Promise<boolean>;
  /** Ends its streams, what it watches and its connections. The app stays open. */
  close(): Promise<void>;
}

/** The page, its API and its metrics over the platform's database. @throws CONFIG_INVALID */
export function createDashboard(options: DashboardOptions): Dashboard {
  const { app, urlPrefix = '', clock = systemClock } = options;
  if (!/^(\/[\w.~-]+)*$/.test(urlPrefix)) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'urlPrefix: expected a path such as /board, without an end slash',
      {
        fields: { urlPrefix },
      },
    );
  }
  const logger = options.logger ?? app?.logger ?? silentLogger;
  const { services, close } = openServices(options, clock, logger);
  const http = httpApp(services, { ...options, urlPrefix });
  const listener = getRequestListener(http.fetch, { overrideGlobalObjects: false });
  return {
    handler: (request, response) => void listener(request, response),
    open: () => services.gate.open(),
    close,
  };
}
