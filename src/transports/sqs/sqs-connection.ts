import type * as driver from '@aws-sdk/client-sqs';
import type { SQS, SQSClientConfig } from '@aws-sdk/client-sqs';
import { type Clock, maskUrl, messageOf, ToolboxError } from '../../base/index.js';
import { translateFailure } from './sqs-failures.js';

export type Driver = typeof driver;

/** Sockets for long polls and batches side by side: more of both than one worker has. */
const MAX_SOCKETS = 200;
const CONNECT_MS = 5000;
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
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly onCall?: ((operation: string) => void) | undefined;
}

/** One request: what it is called, the queue it is about, and how long its answer may take. */
export interface Request<T> {
  readonly operation: string;
  readonly queue?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly run: (sqs: SQS, call: { readonly abortSignal: AbortSignal }) => Promise<T>;
}

const ANSWER_MS = 10_000;

/** A client of the SDK with our deadlines, counting and errors. */
export class SqsConnection {
  readonly #options: ConnectionOptions;
  #client: Promise<SQS> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Where requests go, fit for showing. */
  get endpoint(): string {
    const { endpoint, region } = this.#options;
    return endpoint === undefined ? `AWS ${region ?? '(region of the environment)'}` : maskUrl(endpoint);
  }

  /** Runs one request. Rejects with a ToolboxError; with the signal's own reason when that ended it. */
  async call<T>({ operation, queue, timeoutMs = ANSWER_MS, signal, run }: Request<T>): Promise<T> {
    const late = new AbortController();
    const cancel = this.#options.clock.after(timeoutMs, () => late.abort());
    const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    try {
      this.#client ??= this.#open();
      return await run(await this.#client, { abortSignal: either });
    } catch (error) {
      signal?.throwIfAborted();
      const cause = late.signal.aborted
        ? new Error(`no answer in ${timeoutMs / 1000} s`, { cause: error })
        : error;
      throw translateFailure(cause, {
        operation,
        endpoint: this.endpoint,
        ...(queue === undefined ? {} : { queue }),
      });
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    client?.destroy();
  }

  async #open(): Promise<SQS> {
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
    const { driver, accessKeyId, secretAccessKey, endpoint, onCall } = this.#options;
    const sockets = { maxSockets: MAX_SOCKETS, keepAlive: true };
    const config: SQSClientConfig = {
      // The publisher and the pollers try again on their own; this covers the single lost packet.
      maxAttempts: 3,
      requestHandler: { connectionTimeout: CONNECT_MS, httpAgent: sockets, httpsAgent: sockets },
      ...(region === undefined ? {} : { region }),
      // A service elsewhere may name its queues by a host that only it knows.
      ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
    };
    const client = new driver.SQS(config);
    if (onCall) {
      client.middlewareStack.add(
        (next, context) => (args) => {
          onCall(String(context.commandName).replace(/Command$/, ''));
          return next(args);
        },
        { step: 'finalizeRequest', priority: 'low', name: 'countCalls' },
      );
    }
    return client;
  }
}
