import type { Result } from '../actions/index.js';
import type { SqsError } from '../errors.js';

/** A request as it came over HTTP. */
export interface RawRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface ParsedCall {
  readonly action: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One of the two ways to speak with SQS over HTTP. */
export interface Protocol {
  /** @throws SqsError for a request that cannot be read */
  parse(request: RawRequest): ParsedCall;
  renderResult(action: string, result: Result, requestId: string): RawAnswer;
  renderError(error: SqsError, requestId: string): RawAnswer;
}
