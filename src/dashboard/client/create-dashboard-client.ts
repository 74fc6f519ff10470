import { ToolboxError } from '../../base/index.js';
import type { ChangeEvent } from '../../platform/index.js';
import type { Problem } from '../http/problem.js';
import type { Answers, Inputs, PathOf } from './api.js';
import { readEvents } from './read-events.js';

export interface DashboardClientOptions {
  /** Where the dashboard is, its prefix included: `https://tasks.example/board`. */
  readonly url: string;
  /** API token (`workertoolbox dashboard tokens add NAME`). */
  readonly token?: string;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

type Rest<T> = {} extends T ? [input?: T] : [input: T];

/** The dashboard's API, typed by its routes. Rejects with API_REFUSED (fields `status`, `code`), or as `fetch` does. */
export interface DashboardClient {
  /** `client.get('/tasks/:id', { params: { id } })` */
  get<P extends PathOf<'GET'>>(path: P, ...input: Rest<Inputs<'GET', P>>): Promise<Answers<'GET', P>>;
  /** `client.post('/actions/:action', { params: { action: 'task.retry' }, body: { targets: [id] } })` */
  post<P extends PathOf<'POST'>>(path: P, ...input: Rest<Inputs<'POST', P>>): Promise<Answers<'POST', P>>;
  /** Changes as they happen, until the signal is aborted or the connection ends. */
  changes(signal?: AbortSignal): AsyncIterable<ChangeEvent>;
}

interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export function createDashboardClient({
  url,
  token,
  fetch: send = fetch,
}: DashboardClientOptions): DashboardClient {
  const base = `${url.replace(/\/+$/, '')}/api/v1`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async (method: string, path: string, input: AnyInput = {}): Promise<Response> => {
    const response = await send(base + addressOf(path, input), {
      method,
      headers: {
        ...authorization,
        ...(input.body !== undefined && { 'content-type': 'application/json' }),
        ...input.headers,
      },
      ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      ...(input.signal !== undefined && { signal: input.signal }),
    });
    if (!response.ok) throw await refusal(response, `${method} ${path}`);
    return response;
  };
  const answer = async (method: string, path: string, input?: AnyInput): Promise<unknown> => {
    const response = await call(method, path, input);
    return response.headers.get('content-type')?.startsWith('application/json') === true
      ? response.json()
      : response;
  };
  const client = {
    get: (path: string, input?: AnyInput) => answer('GET', path, input),
    post: (path: string, input?: AnyInput) => answer('POST', path, input),
    changes: async function* (signal?: AbortSignal) {
      const { body } = await call('GET', '/stream', signal === undefined ? {} : { signal });
      if (body !== null) yield* readEvents(body);
    },
  };
  return client as DashboardClient;
}

function addressOf(path: string, { params = {}, query = {} }: AnyInput): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? filled : `${filled}?${text}`;
}

async function refusal(response: Response, what: string): Promise<ToolboxError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ToolboxError('API_REFUSED', `${what}: ${problem.detail ?? response.statusText}`, {
    fields: { status: response.status, code: problem.code ?? null, errors: problem.errors ?? [] },
  });
}
