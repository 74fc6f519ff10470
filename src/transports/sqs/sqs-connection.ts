import type * as driver from '@aws-sdk/client-sqs';
import type { SQS } from '@aws-sdk/client-sqs';
import { type Clock, maskUrl, messageOf, ToolboxError } from '../../base/index.js';
import type { Credentials } from './credentials.js';
import { attemptsOf, type ClientConfig } from './options/client-config.js';
import { Pace } from './pace.js';
import { isLoginRefused, isThrottled, translateFailure } from './sqs-failures.js';

export type Driver = typeof driver;

/** What kombu takes where no region is to be found. */
const DEFAULT_REGION = 'us-east-1';

/** Loads the AWS SDK. Throws DRIVER_MISSING naming the command that installs it. */
export async function loadDriver(
  load: () => Promise<Driver> = () => import('@aws-sdk/client-sqs'),
): Promise<Driver> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `the SQS transport needs the AWS SDK: npm install @aws-sdk/client-sqs (${messageOf(cause)})`,
      { cause, fields: { package: '@aws-sdk/client-sqs' } },
    );
  }
}

export interface ConnectionOptions {
  readonly driver: Driver;
  readonly clock: Clock;
  /** Default: the SDK's own search. */
  readonly credentials?: Credentials | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly config: ClientConfig;
  readonly onCall?: ((operation: string) => void) | undefined;
}

/** One request: what it is called, the queue it is about, and how long its answer may take. */
export interface Request<T> {
  readonly operation: string;
  readonly queue?: string;
  /** Milliseconds the service itself may wait before it answers. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  readonly run: (sqs: SQS, call: { readonly abortSignal: AbortSignal }) => Promise<T>;
}

const ANSWER_MS = 10_000;
/** For the answer of a long poll, whose waiting has shown that the line is good. */
const LATE_MS = 5000;

/** Milliseconds by which a timer is late when the event loop was blocked. */
const BLOCKED_MS = 1000;

interface Open {
  readonly client: Promise<SQS>;
  calls: number;
}

/** A client of the SDK with our deadlines, pace, counting and errors. */
export class SqsConnection {
  readonly #options: ConnectionOptions;
  readonly #pace: Pace;
  #open: Open | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
  }

  /** Where requests go, fit for showing. */
  get endpoint(): string {
    const { endpoint, region } = this.#options;
    return endpoint === undefined ? `AWS ${region ?? '(region of the environment)'}` : maskUrl(endpoint);
  }

  /** Runs one request. Rejects with a ToolboxError; with the signal's own reason when that ended it. */
  async call<T>({ operation, queue, waitMs = 0, signal, run }: Request<T>): Promise<T> {
    const { config } = this.#options;
    const patience = (config.read_timeout ?? 0) * 1000 || (waitMs > 0 ? LATE_MS : ANSWER_MS);
    const late = new AbortController();
    const cancel = this.#deadline(waitMs + patience, () => late.abort());
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const open = (this.#open ??= { client: this.#connect(), calls: 0 });
    open.calls += 1;
    try {
      return await run(await open.client, { abortSignal: either });
    } catch (error) {
      signal?.throwIfAborted();
      const cause = late.signal.aborted
        ? new Error(`no answer in ${(waitMs + patience) / 1000} s`, { cause: error })
        : error;
      const attempt = { operation, endpoint: this.endpoint, ...(queue === undefined ? {} : { queue }) };
      const failure = translateFailure(cause, attempt);
      if (isLoginRefused(failure)) this.#renew(open);
      throw failure;
    } finally {
      cancel();
      open.calls -= 1;
      if (open !== this.#open && open.calls === 0) void destroy(open);
    }
  }

  /** Calls `fn` when the time is up. After a blocked event loop an answer may be there, and has its turn first. */
  #deadline(ms: number, fn: () => void): () => void {
    const { clock } = this.#options;
    const dueMs = clock.monotonic() + ms;
    let cancel = clock.after(ms, () => {
      if (clock.monotonic() - dueMs < BLOCKED_MS) fn();
      else cancel = clock.after(BLOCKED_MS, fn);
    });
    return () => cancel();
  }

  async close(): Promise<void> {
    if (this.#open) await destroy(this.#open);
  }

  /** What the SDK found in the environment may have changed meanwhile: the next call looks again. */
  #renew(open: Open): void {
    const { credentials } = this.#options;
    const fixed = credentials !== undefined && typeof credentials !== 'function';
    if (!fixed && this.#open === open) this.#open = undefined;
  }

  async #connect(): Promise<SQS> {
    const { region } = this.#options;
    const client = this.#make(region);
    if (region !== undefined) return client;
    try {
      await client.config.region();
      return client;
    } catch {
      client.destroy();
      return this.#make(DEFAULT_REGION);
    }
  }

  #make(region: string | undefined): SQS {
    const { credentials, endpoint, config, onCall } = this.#options;
    const { connect_timeout, max_pool_connections: maxSockets, user_agent_extra, retries } = config;
    const sockets = { maxSockets, keepAlive: true };
    const client = new this.#options.driver.SQS({
      // The publisher and the pollers try again on their own; this covers the single lost packet.
      maxAttempts: attemptsOf(config),
      retryMode: retries.mode === 'adaptive' ? 'adaptive' : 'standard',
      requestHandler: { connectionTimeout: connect_timeout * 1000, httpAgent: sockets, httpsAgent: sockets },
      ...(user_agent_extra === undefined ? {} : { customUserAgent: user_agent_extra }),
      ...(region === undefined ? {} : { region }),
      // A service elsewhere may name its queues by a host that only it knows.
      ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
      ...(credentials === undefined ? {} : { credentials }),
    });
    // Inside the SDK's own retries: each attempt keeps the pace and is counted.
    client.middlewareStack.add(
      (next, context) => async (args) => {
        await this.#pace.turn();
        onCall?.(String(context.commandName).replace(/Command$/, ''));
        try {
          const answer = await next(args);
          this.#pace.answered();
          return answer;
        } catch (error) {
          if (isThrottled(error)) this.#pace.throttled();
          throw error;
        }
      },
      { step: 'finalizeRequest', priority: 'low', name: 'keepPace' },
    );
    return client;
  }
}

const destroy = async ({ client }: Open): Promise<void> => {
  (await client.catch(() => undefined))?.destroy();
};
