import { href } from '../routing/location.js';

/** What the server says when it refuses (`application/problem+json`), or why it could not be reached. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly code: string;
  /** All that the answer said. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, body: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
  }

  /**
   * The server, its database or the way there is down: what is on the page stays, and is asked for again. A part that this
   * installation does not have (`NOT_READY`) will not come back by asking.
   */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || (this.status >= 500 && this.code !== 'NOT_READY');
  }
}

let csrf: string | null = null;
export const setCsrf = (token: string | null): void => {
  csrf = token;
};
const onSignedOut = new Set<() => void>();
export const whenSignedOut = (listener: () => void): void => void onSignedOut.add(listener);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const message = text(body['detail']) ?? text(body['title']) ?? `${response.status} ${response.statusText}`;
  return new Problem(response.status, text(body['code']) ?? String(response.status), message, body);
}

interface Sent {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Asks the API below `/api/v1`. Throws a `Problem` for everything that is not an answer. */
export async function request<T>(path: string, sent: Sent = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const method = sent.method ?? 'GET';
  if (sent.body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf !== null) headers['x-csrf-token'] = csrf;
  if (sent.idempotencyKey !== undefined) headers['idempotency-key'] = sent.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(href(`/api/v1${path}`), {
      method,
      headers,
      credentials: 'same-origin',
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
      ...(sent.signal === undefined ? {} : { signal: sent.signal }),
    });
  } catch (error) {
    if (sent.signal?.aborted) throw error;
    throw new Problem(0, 'unreachable', error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== '/session') for (const listener of onSignedOut) listener();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}
