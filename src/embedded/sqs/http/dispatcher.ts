import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import { ACTIONS, type Call, type Result } from '../actions/index.js';
import { missing, SqsError } from '../errors.js';
import type { FaultDial } from '../faults.js';
import { Input } from '../input.js';
import { jsonProtocol } from '../protocol/json.js';
import type { ParsedCall, Protocol, RawAnswer } from '../protocol/protocol.js';
import { queryProtocol } from '../protocol/query.js';
import type { Queue } from '../store/queue.js';
import type { Store } from '../store/store.js';
import { readBody } from './read-body.js';
import { guardRequest } from './request-guard.js';

export interface DispatcherOptions {
  readonly store: Store;
  readonly faults: FaultDial;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accountId: string;
  /** Resolves when the effects so far are as durable as promised. */
  readonly committed: () => Promise<void>;
  /** Rejects when effects could not be made durable. */
  readonly ready: () => Promise<void>;
}

/** Turns one HTTP request into a call, and its result or error into the answer. Never rejects. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #calls = new Set<AbortController>();
  #dismissed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Ends running and later long polls with nothing. */
  dismiss(): void {
    this.#dismissed = true;
    for (const call of this.#calls) call.abort();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const protocol = request.headers['x-amz-target'] === undefined ? queryProtocol : jsonProtocol;
    const requestId = randomUUID();
    const undo: (() => void)[] = [];
    // One controller for each call rather than AbortSignal.any over a common one, which piles up listeners there.
    const ended = new AbortController();
    if (this.#dismissed) ended.abort();
    this.#calls.add(ended);
    response.once('close', () => {
      this.#calls.delete(ended);
      ended.abort();
      if (!response.writableFinished) for (const step of undo) step();
    });
    let answer: RawAnswer | undefined;
    try {
      answer = await this.#answer(request, protocol, requestId, ended.signal, undo);
    } catch (error) {
      if (response.destroyed) return;
      answer = protocol.renderError(this.#asSqsError(error, requestId), requestId);
    }
    if (answer === undefined) {
      request.socket.destroy();
    } else if (!response.destroyed) {
      const { status, headers, body } = answer;
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
      // A refused body may still be under way; without a reader the connection could not be used again.
      if (!request.complete) request.resume();
    }
  }

  /** Undefined when the fault dial wants the answer lost. */
  async #answer(
    request: IncomingMessage,
    protocol: Protocol,
    requestId: string,
    signal: AbortSignal,
    undo: (() => void)[],
  ): Promise<RawAnswer | undefined> {
    guardRequest(request.headers);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parsed = protocol.parse({ url, headers: request.headers, body: await readBody(request) });
    const { faults, ready, committed } = this.#options;
    const point = { action: parsed.action, queue: queueName(parsed, url) };
    if (faults.strikes('deny', point)) {
      throw new SqsError('AccessDeniedException', `Access to the resource ${url.pathname} is denied.`);
    }
    if (faults.strikes('refuseLogin', point)) {
      throw new SqsError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    if (faults.strikes('overLimit', point)) throw new SqsError('OverLimit', 'Too many messages in flight.');
    if (faults.strikes('throttle', point)) throw new SqsError('RequestThrottled', 'Rate exceeded.');
    await ready();
    const result = await this.#run(parsed, point.queue, request, signal, undo);
    await committed();
    if (!faults.strikes('dropResponse', point))
      return protocol.renderResult(parsed.action, result, requestId);
    undo.length = 0;
    return undefined;
  }

  async #run(
    { action, values }: ParsedCall,
    name: string | undefined,
    request: IncomingMessage,
    signal: AbortSignal,
    undo: (() => void)[],
  ): Promise<Result> {
    const run = ACTIONS.get(action);
    if (run === undefined) {
      throw new SqsError('UnknownOperationException', `The action ${action} is not valid for this endpoint.`);
    }
    const { store, faults, clock, accountId } = this.#options;
    const { host = 'localhost' } = request.headers;
    const call: Call = {
      action,
      input: new Input(values),
      store,
      faults,
      signal,
      queue: (): Queue => {
        if (name === undefined) throw missing('QueueUrl');
        return store.queue(name);
      },
      urlOf: (queue) => `http://${host}/${accountId}/${queue}`,
      now: () => clock.now(),
      onUndelivered: (step) => undo.push(step),
    };
    return run(call);
  }

  #asSqsError(error: unknown, requestId: string): SqsError {
    if (error instanceof SqsError) return error;
    this.#options.logger.error({ requestId, error: messageOf(error) }, 'a call failed unexpectedly');
    return new SqsError('InternalFailure', 'The call failed unexpectedly; the log of the server says more.');
  }
}

/** The last part of the queue's URL, wherever it points: the same server is reached under several names. */
function queueName({ values }: ParsedCall, url: URL): string | undefined {
  const given = values['QueueUrl'];
  const path = typeof given === 'string' && given !== '' ? given : url.pathname;
  const name = path.split('?')[0]?.split('/').at(-1);
  return name === '' ? undefined : name;
}
