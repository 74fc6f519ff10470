import { illegalCall, type ServiceState, type StopOptions, silentLogger } from '../../base/index.js';
import { type ListeningStore, openStore } from './listening-store.js';
import type { SqsServer, SqsServerOptions } from './options.js';

const DEFAULT_STOP_MS = 5000;

/**
 * Starts an SQS-compatible server for laptops and tests, on loopback only. It speaks AWS JSON and Query, keeps the
 * rules of SQS for both kinds of queue, and needs no account: signatures are not looked at.
 *
 * Other than on AWS: a queue may be made again right after it was deleted, and purged as often as one likes; a
 * repeated `ReceiveRequestAttemptId` is a new receive; policies and encryption keys are stored and have no effect;
 * permissions and message move tasks do not exist; order and exactness are better than a standard queue promises.
 * @throws ToolboxError EMBEDDED_FAILED when the port is taken, or the data folder is in use or damaged
 */
export async function startSqsServer(options: SqsServerOptions = {}): Promise<SqsServer> {
  const server = new EmbeddedSqsServer(options);
  await server.start();
  return server;
}

class EmbeddedSqsServer implements SqsServer {
  readonly #options: SqsServerOptions;
  #state: ServiceState = 'idle';
  #running: ListeningStore | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #end = deferred();

  constructor(options: SqsServerOptions) {
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#state;
  }

  get stopped(): Promise<void> {
    return this.#end.promise;
  }

  get port(): number {
    if (this.#running === undefined) throw illegalCall('port', this.#state);
    return this.#running.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(signal?: AbortSignal): Promise<void> {
    if (this.#starting !== undefined) throw illegalCall('start', this.#state);
    signal?.throwIfAborted();
    this.#state = 'starting';
    this.#end = deferred();
    this.#starting = this.#open();
    await this.#starting;
    if (!signal?.aborted) return;
    await this.stop();
    signal.throwIfAborted();
  }

  async stop({ deadlineMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#close(deadlineMs).finally(() => {
      this.#stopping = undefined;
    });
    await this.#stopping;
  }

  close(): Promise<void> {
    return this.stop();
  }

  async #open(): Promise<void> {
    try {
      this.#running = await openStore(this.#options);
      this.#state = 'running';
    } catch (error) {
      this.#starting = undefined;
      this.#state = 'failed';
      this.#end.reject(error);
      throw error;
    }
    const { logger = silentLogger, dataDir } = this.#options;
    logger.info(
      { url: this.url, dataDir },
      'embedded SQS server listens: for development and tests, not for production',
    );
  }

  async #close(deadlineMs: number): Promise<void> {
    // A start under way ends first; one that fails has nothing to close.
    await this.#starting?.catch(() => {});
    const running = this.#running;
    if (running === undefined) return;
    this.#state = 'stopping';
    try {
      await running.close(deadlineMs);
      this.#state = 'stopped';
      this.#end.resolve();
    } catch (error) {
      this.#state = 'failed';
      this.#end.reject(error);
    } finally {
      this.#running = undefined;
      this.#starting = undefined;
    }
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

function deferred(): Deferred {
  let resolve: () => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody need wait for the end: a failure is also told by start().
  promise.catch(() => {});
  return { promise, resolve: () => resolve(), reject: (error) => reject(error) };
}
