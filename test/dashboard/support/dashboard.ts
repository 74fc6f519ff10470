import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { migrateDatabase } from '../../../src/cli/database-admin.js';
import {
  type AccountStore,
  createDashboard,
  type Dashboard,
  type DashboardOptions,
  hashPassword,
  newApiToken,
  postgresAccounts,
} from '../../../src/dashboard/index.js';
import { postgresDatabase } from '../../../src/platform/index.js';
import { freshDatabase } from '../../support/postgres.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are looked at by key
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** One raw request: fetch would refuse or add headers that attacks are made of. */
export function ask(
  base: string,
  path: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<Answer> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const typed = body !== undefined && typeof body !== 'string' ? { 'content-type': 'application/json' } : {};
  return new Promise((resolve, reject) => {
    const url = new URL(base);
    const request = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        path,
        method,
        headers: {
          ...typed,
          ...(payload !== undefined && { 'content-length': String(Buffer.byteLength(payload)) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            get json() {
              return JSON.parse(text) as unknown;
            },
          });
        });
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}

export interface RunningDashboard {
  readonly url: string;
  readonly databaseUrl: string;
  readonly dashboard: Dashboard;
  readonly store: AccountStore;
  ask(path: string, options?: Ask): Promise<Answer>;
}

/** A dashboard on a database of its own with all tables, for the tests of one file. */
export async function runDashboard(
  options: Partial<DashboardOptions> = {},
  { migrated = true } = {},
): Promise<RunningDashboard> {
  const databaseUrl = options.database ?? (await freshDatabase());
  if (migrated) await migrateDatabase(databaseUrl);
  const dashboard = createDashboard({ database: databaseUrl, ...options });
  const server = createServer(dashboard.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const database = postgresDatabase({ url: databaseUrl, logger: silentLogger, connections: 1 });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all([dashboard.close(), database.close()]);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    databaseUrl,
    dashboard,
    store: options.accounts ?? postgresAccounts(database),
    ask: (path, more) => ask(url, path, more),
  };
}

export const PASSWORD = 'correct horse battery';

/** One user of each role, named for it, with `PASSWORD`. */
export async function addUsers(store: AccountStore): Promise<void> {
  const secret = await hashPassword(PASSWORD);
  for (const role of ['viewer', 'operator', 'admin'] as const)
    await store.put({ kind: 'user', name: role, role, secret, created: new Date().toISOString() });
}

/** A token for each role. */
export async function addTokens(
  store: AccountStore,
): Promise<Record<'viewer' | 'operator' | 'admin', string>> {
  const made = { viewer: newApiToken(), operator: newApiToken(), admin: newApiToken() };
  for (const role of ['viewer', 'operator', 'admin'] as const)
    await store.put({
      kind: 'token',
      name: role,
      role,
      secret: made[role].hash,
      created: new Date().toISOString(),
    });
  return { viewer: made.viewer.token, operator: made.operator.token, admin: made.admin.token };
}

export const sameOrigin = { 'sec-fetch-site': 'same-origin' };

/** Signs in; the header of further requests. */
export async function signIn({ ask: send }: RunningDashboard, user: string): Promise<{ cookie: string }> {
  const answer = await send('/api/v1/session', {
    method: 'POST',
    body: { user, password: PASSWORD },
    headers: sameOrigin,
  });
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  return { cookie: cookie.split(';')[0] ?? '' };
}
