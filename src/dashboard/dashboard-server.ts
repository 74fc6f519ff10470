import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Lifecycle, messageOf, type Service, type ServiceState, ToolboxError } from '../base/index.js';
import { createDashboard, type Dashboard } from './create-dashboard.js';
import type { DashboardOptions } from './options.js';

export interface DashboardServerOptions extends DashboardOptions {
  /** Address to listen on. Default 127.0.0.1: another one needs users, or another way to sign in. */
  readonly host?: string | undefined;
  /** Default 5555, as Flower's. 0: any free one. */
  readonly port?: number | undefined;
  /** When the port is taken, take any free one. Default false. */
  readonly anyPort?: boolean | undefined;
}

const LOCAL = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** A dashboard with a server of its own. */
export class DashboardServer implements Service {
  readonly #options: DashboardServerOptions;
  readonly #life = new Lifecycle('dashboard');
  #dashboard: Dashboard | undefined;
  #server: Server | undefined;

  constructor(options: DashboardServerOptions) {
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#life.state;
  }

  get stopped(): Promise<void> {
    return this.#life.stopped;
  }

  /** Where the page is, once it runs. */
  get url(): string {
    const { address, port, family } = this.#server?.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return `http://${host}:${port}${this.#options.urlPrefix ?? ''}/`;
  }

  /** Rejects with CONFIG_INVALID for a host that others reach as long as nobody can sign in. */
  async start(): Promise<void> {
    this.#life.begin();
    try {
      const { host = '127.0.0.1', port = 5555 } = this.#options;
      this.#dashboard = createDashboard(this.#options);
      if (!LOCAL.test(host) && (await this.#dashboard.open())) throw needsUsers(host);
      this.#server = createServer(this.#dashboard.handler);
      await listen(this.#server, host, port, this.#options.anyPort === true);
      this.#life.running();
    } catch (error) {
      await this.#close();
      this.#life.failed(error);
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.#life.state !== 'running') return;
    this.#life.stopping();
    await this.#close();
    this.#life.ended();
  }

  async #close(): Promise<void> {
    if (this.#server?.listening === true) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
    await this.#dashboard?.close();
  }
}

async function listen(server: Server, host: string, port: number, orAny: boolean): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (orAny && (error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      return listen(server, host, 0, false);
    throw new ToolboxError(
      'CONFIG_INVALID',
      `dashboard: cannot listen on ${host}:${port}: ${messageOf(error)}`,
      {
        cause: error,
        fields: { host, port },
      },
    );
  }
}

const needsUsers = (host: string): ToolboxError =>
  new ToolboxError(
    'CONFIG_INVALID',
    `dashboard: nobody can sign in yet, so ${host} would be open to everybody: add a user first ` +
      '(workertoolbox dashboard users add NAME --role admin), or listen on 127.0.0.1',
    { fields: { host } },
  );
