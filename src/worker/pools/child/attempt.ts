import type { RegisteredTask, TaskContext } from '../../../app/index.js';
import type { Attempt } from '../../execution/outcome-of.js';
import { TaskRevokedError } from '../../execution/task-errors.js';
import type { EndData, JobData } from '../protocol.js';
import { ChildContext, type ContextLink } from './child-context.js';

const PARTS = ['callbacks', 'errbacks', 'chain', 'chord'] as const;

/** One job in a child: its context, and what it was told to end for. */
export class ChildAttempt implements Attempt {
  readonly message: JobData['message'];
  readonly task: RegisteredTask;
  readonly children: unknown[] = [];
  readonly #context: ChildContext;

  constructor(job: number, { message, delivery }: JobData, task: RegisteredTask, link: ContextLink) {
    this.message = message;
    this.task = task;
    this.#context = new ChildContext(job, message, delivery, task, link);
  }

  get context(): TaskContext {
    return this.#context;
  }

  get abortReason(): Error | undefined {
    return this.#context.abortReason;
  }

  /** Whoever ends a running task with this reason has terminated it. */
  get revoked(): 'terminated' | null {
    return this.abortReason instanceof TaskRevokedError ? 'terminated' : null;
  }

  abort(reason: Error): void {
    this.#context.abort(reason);
  }

  /** From now on nothing is stored or logged as this job's progress. */
  close(): void {
    this.#context.close();
  }

  /** The callbacks that the task has changed. */
  get taken(): EndData['taken'] {
    const request = this.#context.requestIfUsed;
    if (request === undefined) return null;
    const { embed } = this.message;
    const changed = PARTS.filter((part) => request[part] !== embed[part]);
    return changed.length === 0 ? null : Object.fromEntries(changed.map((part) => [part, request[part]]));
  }
}
