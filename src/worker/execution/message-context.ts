import type {
  RegisteredTask,
  Replacement,
  RetryOptions,
  SignatureData,
  TaskContext,
  TaskMessage,
  TaskRequest,
} from '../../app/index.js';
import { type Logger, TASK_LOGGER } from '../../base/index.js';
import { addToChord, type CanvasApp, replaceTask } from '../../canvas/index.js';
import type { AsyncResult } from '../../results/index.js';
import { Ignore } from './control-errors.js';
import { retryError, snoozeError } from './retry-plan.js';

/** What contexts share. */
export interface MessageServices {
  readonly app: CanvasApp;
  readonly hostname: string;
  readonly logger: Logger;
  readonly random: () => number;
}

/** What of a context follows from its message, wherever the task runs. Everything costly is made when first asked for. */
export abstract class MessageContext implements TaskContext {
  readonly #message: TaskMessage;
  readonly #task: RegisteredTask;
  readonly #services: MessageServices;
  #logger: Logger | undefined;
  #added = 0;
  #latest: unknown;
  #storing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(message: TaskMessage, task: RegisteredTask, services: MessageServices) {
    this.#message = message;
    this.#task = task;
    this.#services = services;
  }

  abstract readonly request: TaskRequest;
  abstract readonly signal: AbortSignal;
  abstract updateState(state: string, meta?: unknown): Promise<void>;

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
    return this.#services.hostname;
  }

  get logger(): Logger {
    const { task, id } = this.#message;
    this.#logger ??= this.#services.logger.child({ logger: TASK_LOGGER, task, id });
    return this.#logger;
  }

  retry(options: RetryOptions = {}): never {
    throw retryError(this.#message, this.#task, options);
  }

  snooze(seconds: number): never {
    throw snoozeError(seconds);
  }

  async replace<Out = never>(signature: Replacement<Out>): Promise<Out> {
    await replaceTask(this.#services.app, this.request, signature);
    throw new Ignore('Replaced by new task');
  }

  addToChord(signature: SignatureData): Promise<AsyncResult> {
    this.#added += 1;
    return addToChord(this.#services.app, this.request, signature, this.#added);
  }

  progress(done: number, total: number | null = null, text = ''): Promise<void> {
    this.#latest = progressMeta(done, total, text);
    // One at a time: what comes meanwhile waits for the next, and of that only the latest is stored.
    this.#next ??= (this.#storing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#storing = this.updateState('PROGRESS', this.#latest);
        return this.#storing;
      });
    return this.#next;
  }
}

/** The names Python's progress readers know. */
const progressMeta = (current: number, total: number | null, description: string): object => ({
  current,
  total,
  percent: total === null || total === 0 ? null : Math.round((current / total) * 10_000) / 100,
  description,
});
