import type {
  RegisteredTask,
  RetryOptions,
  TaskContext,
  TaskMessage,
  TaskRequest,
} from '../../../app/index.js';
import { type Logger, ToolboxError } from '../../../base/index.js';
import type { DeliveryInfo } from '../../../messaging/index.js';
import { retryError } from '../../execution/retry-plan.js';
import { requestOf } from '../../runs/request.js';

/** What a context needs of the child it is in. */
export interface ContextLink {
  readonly hostname: string;
  readonly logger: Logger;
  /** Resolves when the worker has stored it. */
  updateState(state: string, meta: unknown): Promise<void>;
  /** Asks to be told of an abort. */
  watch(): void;
}

/** What a run in a child may ask and do. Made when first asked for: request, signal, logger. */
export class ChildContext implements TaskContext {
  readonly #message: TaskMessage;
  readonly #delivery: DeliveryInfo;
  readonly #task: RegisteredTask;
  readonly #link: ContextLink;
  #request: TaskRequest | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #logger: Logger | undefined;
  #closed = false;

  constructor(message: TaskMessage, delivery: DeliveryInfo, task: RegisteredTask, link: ContextLink) {
    this.#message = message;
    this.#delivery = delivery;
    this.#task = task;
    this.#link = link;
  }

  get id(): string {
    return this.#message.id;
  }

  get name(): string {
    return this.#message.task;
  }

  get rootId(): string {
    return this.#message.rootId;
  }

  get parentId(): string | null {
    return this.#message.parentId;
  }

  get retries(): number {
    return this.#message.retries;
  }

  get hostname(): string {
    return this.#link.hostname;
  }

  get request(): TaskRequest {
    this.#request ??= requestOf(this.#message, this.#delivery);
    return this.#request;
  }

  get requestIfUsed(): TaskRequest | undefined {
    return this.#request;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.#link.watch();
    }
    return this.#controller.signal;
  }

  get abortReason(): Error | undefined {
    return this.#reason;
  }

  get logger(): Logger {
    const { task, id } = this.#message;
    this.#logger ??= this.#link.logger.child({ task, id });
    return this.#logger;
  }

  retry(options: RetryOptions = {}): never {
    throw retryError(this.#message, this.#task, options);
  }

  async updateState(state: string, meta: unknown = null): Promise<void> {
    if (!this.#closed) return this.#link.updateState(state, meta);
    const { id } = this;
    throw new ToolboxError(
      'LEASE_LOST',
      `task ${id}: the state ${state} is not stored, because this run has ended or its message was given to another worker`,
      { fields: { id, state } },
    );
  }

  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  close(): void {
    this.#closed = true;
  }
}
