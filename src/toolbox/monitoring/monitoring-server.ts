import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, ToolboxError } from '../../base/index.js';
import type { WorkerExtension } from '../../worker/index.js';
import { PROMETHEUS_TYPE } from './prometheus.js';
import { type Health, WorkerHealth } from './worker-health.js';
import { workerMetrics } from './worker-metrics.js';

export interface MonitoringOptions {
  /** 0: any free one; `worker.info().steps.monitoring.port` tells which. */
  readonly port: number;
  /** Address to listen on. Default 127.0.0.1: what is shown has no password. */
  readonly host?: string;
  /** Milliseconds without a sign of life from the broker before the worker counts as dead. Default 120 000. */
  readonly maxSilenceMs?: number;
}

/**
 * A small HTTP server beside a worker: `/live` and `/ready` for probes (200 or 503, JSON with the reasons) and `/metrics` for
 * Prometheus.
 */
export function workerMonitoring({
  port,
  host = '127.0.0.1',
  maxSilenceMs = 120_000,
}: MonitoringOptions): WorkerExtension {
  return {
    name: 'monitoring',
    async start({ worker, clock, logger }) {
      const health = new WorkerHealth(worker, clock, maxSilenceMs);
      const pages: Readonly<Record<string, () => Page>> = {
        '/live': () => healthPage(health.live()),
        '/ready': () => healthPage(health.ready()),
        '/metrics': () => ({ status: 200, type: PROMETHEUS_TYPE, body: workerMetrics(worker) }),
      };
      const server = createServer((request, response) => {
        try {
          answer(request, response, pages);
        } catch (error) {
          logger.error({ url: request.url, error: messageOf(error) }, 'a monitoring page failed');
          response.writeHead(500).end();
        }
      });
      server.listen(port, host);
      try {
        await once(server, 'listening');
      } catch (error) {
        throw new ToolboxError(
          'CONFIG_INVALID',
          `--health-port: cannot listen on ${host}:${port}: ${messageOf(error)}`,
          { cause: error, fields: { host, port } },
        );
      }
      server.unref();
      const address = server.address() as AddressInfo;
      logger.info({ host, port: address.port }, 'probes and metrics');
      return {
        provides: undefined,
        stop: async () => {
          const closed = once(server, 'close');
          server.close();
          server.closeAllConnections();
          await closed;
        },
        info: () => ({ host, port: address.port }),
      };
    },
  };
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const healthPage = (health: Health): Page => ({
  status: health.ok ? 200 : 503,
  type: 'application/json',
  body: JSON.stringify({ status: health.ok ? 'ok' : 'failed', ...health }),
});

function answer(
  { url = '/', method = 'GET' }: IncomingMessage,
  response: ServerResponse,
  pages: Readonly<Record<string, () => Page>>,
): void {
  const path = url.split('?')[0] ?? '/';
  const make = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (method !== 'GET' && method !== 'HEAD')
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  if (make === undefined) return void response.writeHead(404).end();
  const { status, type, body } = make();
  response
    .writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-length': Buffer.byteLength(body),
    })
    .end(method === 'HEAD' ? undefined : body);
}
