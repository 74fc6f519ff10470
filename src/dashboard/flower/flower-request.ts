import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Role } from '../../platform/index.js';
import type { Principal } from '../auth/principal.js';
import type { DashboardContext } from '../http/environment.js';
import { textBody } from '../http/json-body.js';
import { ProblemError } from '../http/problem.js';
import { checkAccess } from '../routes/serve-route.js';
import type { Services } from '../services.js';

/** A request to one of Flower's paths: arguments come in the query or in a form, errors are a line of text. */
export class FlowerRequest {
  readonly services: Services;
  readonly context: DashboardContext;
  readonly #arguments: URLSearchParams;
  readonly #body: string;

  private constructor(services: Services, context: DashboardContext, body: string) {
    this.services = services;
    this.context = context;
    this.#body = body;
    this.#arguments = new URL(context.req.url).searchParams;
    const [type] = (context.req.header('content-type') ?? '').split(';');
    if (type?.trim().toLowerCase() === 'application/x-www-form-urlencoded')
      for (const [name, value] of new URLSearchParams(body))
        if (!this.#arguments.has(name)) this.#arguments.set(name, value);
  }

  static async read(services: Services, context: DashboardContext, role: Role): Promise<FlowerRequest> {
    checkAccess(context, role);
    return new FlowerRequest(services, context, context.req.method === 'POST' ? await textBody(context) : '');
  }

  get who(): Principal {
    const { principal } = this.context.var;
    if (principal === undefined) throw flowerError(401, 'sign in');
    return principal;
  }

  /** What the path ends with: a task's id or name, a worker's name. */
  get target(): string {
    return this.context.req.param('target') ?? '';
  }

  text(name: string): string | undefined {
    return this.#arguments.get(name)?.trim() || undefined;
  }

  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw flowerError(400, `Missing argument ${name}`);
    return value;
  }

  number(name: string, whole = false): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value)))
      throw flowerError(400, `Invalid argument '${text}' of type '${whole ? 'int' : 'float'}'`);
    return value;
  }

  flag(name: string): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return false;
    if (['true', 'yes', 'y', 'on', 't', '1'].includes(text)) return true;
    if (['false', 'no', 'n', 'off', 'f', '0'].includes(text)) return false;
    throw flowerError(400, `Invalid argument '${text}' of type 'bool'`);
  }

  /** The body as a JSON object, whatever its content type says. */
  object(): Record<string, unknown> {
    let value: unknown;
    try {
      value = this.#body === '' ? {} : JSON.parse(this.#body);
    } catch (error) {
      throw flowerError(400, String(error));
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw flowerError(400, 'invalid options');
    return value as Record<string, unknown>;
  }
}

export const flowerError = (status: ContentfulStatusCode, message: string): ProblemError =>
  new ProblemError(
    status,
    status === 404 ? 'NOT_FOUND' : status === 403 ? 'FORBIDDEN' : 'INPUT_INVALID',
    message,
  );

/** Errors as Flower writes them. */
export const flowerProblem = ({ status, message, headers }: ProblemError): Response =>
  new Response(message, { status, headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers } });

export const flowerJson = (value: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  });
