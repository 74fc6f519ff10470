import type { RegisteredTask, TaskMessage, TaskRequest } from '../../../app/index.js';
import type { DeliveryInfo } from '../../../messaging/index.js';
import { MessageContext, type MessageServices } from '../../execution/message-context.js';
import { notOurs } from '../../execution/run-context.js';
import { requestOf } from '../../runs/request.js';

/** What a context needs of the child it is in. */
export interface ContextLink extends MessageServices {
  /** Resolves when the worker has stored it. */
  updateState(job: number, state: string, meta: unknown): Promise<void>;
  /** Asks to be told of an abort. */
  watch(job: number): void;
}

/** What a run in a child may ask and do: what concerns its message, the worker does for it. */
export class ChildContext extends MessageContext {
  readonly #job: number;
  readonly #message: TaskMessage;
  readonly #delivery: DeliveryInfo;
  readonly #link: ContextLink;
  #request: TaskRequest | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #closed = false;

  constructor(
    job: number,
    message: TaskMessage,
    delivery: DeliveryInfo,
    task: RegisteredTask,
    link: ContextLink,
  ) {
    super(message, task, link);
    this.#job = job;
    this.#message = message;
    this.#delivery = delivery;
    this.#link = link;
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
      if (!this.#closed) this.#link.watch(this.#job);
    }
    return this.#controller.signal;
  }

  get abortReason(): Error | undefined {
    return this.#reason;
  }

  async updateState(state: string, meta: unknown = null): Promise<void> {
    if (this.#closed) throw notOurs(this.id, state);
    await this.#link.updateState(this.#job, state, meta);
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
