import { STATUS_CODES } from 'node:http';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type ErrorCode, maskUrl, messageOf, ToolboxError } from '../../base/index.js';

/** Reasons of the API itself; what the toolbox throws keeps its own code. */
export const PROBLEM_CODES = [
  'SIGN_IN_REQUIRED',
  'SIGN_IN_FAILED',
  'TOO_MANY_TRIES',
  'FORBIDDEN',
  'CROSS_SITE',
  'HOST_REFUSED',
  'NOT_FOUND',
  'GONE',
  'INPUT_INVALID',
  'TOO_LARGE',
  'RATE_LIMITED',
  'NOT_READY',
  'INTERNAL',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number] | ErrorCode;

/** An error as the API answers it (RFC 9457), with content type `application/problem+json`. */
export const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  /** What was expected and what to do, for people. */
  detail: z.string(),
  /** Of INPUT_INVALID: where, and what is wrong there. */
  errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Thrown by middleware and routes to answer with a problem. */
export class ProblemError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: ProblemCode;
  readonly errors: Problem['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: ProblemCode,
    detail: string,
    { errors, headers = {} }: { errors?: Problem['errors']; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

export const notFound = (what: string): ProblemError => new ProblemError(404, 'NOT_FOUND', what);

/** What is thrown by the toolbox because of what was asked, and how HTTP says it. The rest is 500. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  STORE_UNREACHABLE: 503,
  BROKER_UNREACHABLE: 503,
  RESULT_BACKEND_UNREACHABLE: 503,
  CONFIG_INVALID: 400,
  TASK_ARGUMENTS: 400,
  TASK_UNKNOWN: 404,
  NOT_DECLARED: 404,
  UNROUTABLE: 409,
  STATE_INVALID: 409,
  BUDGET_EXCEEDED: 413,
  RESULT_TIMEOUT: 504,
};

/** Anything thrown, as a problem. An unknown error tells nothing of itself: it stands in the log. */
export function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ToolboxError && error.code === 'ACTION_REFUSED')
    return new ProblemError(error.fields.reason === 'role' ? 403 : 409, error.code, error.message);
  if (error instanceof ToolboxError && error.fields.data === true)
    return new ProblemError(400, 'INPUT_INVALID', 'the database takes no such value');
  if (error instanceof ToolboxError)
    return new ProblemError(STATUS[error.code] ?? 500, error.code, maskUrl(error.message));
  if (error instanceof z.ZodError) return invalidInput(error);
  return new ProblemError(500, 'INTERNAL', 'this was not expected; the log of the dashboard says more');
}

export const invalidInput = (error: z.ZodError): ProblemError => {
  const errors = error.issues.map(({ path, message }) => ({ at: path.map(String).join('.'), message }));
  const [first] = errors;
  const detail = first === undefined ? messageOf(error) : `${first.at || 'input'}: ${first.message}`;
  return new ProblemError(400, 'INPUT_INVALID', detail, { errors });
};

export function problemResponse({ status, code, message, errors, headers }: ProblemError): Response {
  const body: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    ...(errors !== undefined && { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}
