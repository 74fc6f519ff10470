import type { EventDispatcher } from '../../remote/index.js';
import { failureFrom } from '../../results/index.js';
import { pythonRepr } from '../../serialization/index.js';
import { Reject } from '../execution/control-errors.js';
import type { Disposal, Outcome } from '../execution/outcome.js';
import { NotRegistered } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';
import { tracebackOf } from '../settlement/records.js';

/** Most characters of a result that are shown (Celery's `resultrepr_maxsize`). */
const RESULT_LENGTH = 1024;

/**
 * The events of a task's life in this worker. Callers ask `on` first: where nobody listens nothing is made.
 */
export class TaskEvents {
  readonly #dispatcher: EventDispatcher | undefined;

  constructor(dispatcher: EventDispatcher | undefined) {
    this.#dispatcher = dispatcher;
  }

  get on(): boolean {
    return this.#dispatcher?.tasks === true;
  }

  received({ message }: Run): void {
    this.#send('task-received', message.id, {
      name: message.task,
      args: message.argsrepr,
      kwargs: message.kwargsrepr,
      root_id: message.rootId,
      parent_id: message.parentId,
      retries: message.retries,
      eta: message.eta,
      expires: message.expires,
    });
  }

  started(run: Run): void {
    this.#send('task-started', run.id, {});
  }

  /** Several where Celery's workers send several: of a failure whose message is rejected, both are told. */
  ended(run: Run, outcome: Outcome, disposal: Disposal): void {
    switch (outcome.kind) {
      case 'success': {
        const result = pythonRepr(outcome.value, { maxLength: RESULT_LENGTH });
        return this.#send('task-succeeded', run.id, { result, runtime: run.runtimeMs / 1000 });
      }
      case 'failure':
        this.#send('task-failed', run.id, wentWrong(outcome.error));
        return this.#rejected(run, disposal);
      case 'retry':
        return this.#send('task-retried', run.id, wentWrong(outcome.plan.error));
      case 'rejected':
        if (!outcome.requeue) this.#send('task-failed', run.id, wentWrong(new Reject(outcome.reason)));
        return this.#rejected(run, disposal);
      case 'revoked':
        return this.#send('task-revoked', run.id, {
          terminated: outcome.why === 'terminated',
          signum: null,
          expired: outcome.why === 'expired',
        });
      case 'crashed':
        return this.#send('task-rejected', run.id, { requeue: true });
      case 'returned':
        // What had not begun is as if it had never come.
        if (run.startedAt !== null) this.#send('task-cancelled', run.id, {});
        return;
      case 'ignored':
      case 'repeated':
      case 'uncounted':
      case 'postponed':
        return;
    }
  }

  #rejected(run: Run, { message }: Disposal): void {
    if (run.acked || message === 'ack' || message === 'none') return;
    this.#send('task-rejected', run.id, { requeue: message === 'release' });
  }

  #send(type: string, uuid: string, fields: Readonly<Record<string, unknown>>): void {
    this.#dispatcher?.task(type, { uuid, ...fields });
  }
}

/** An error as Python prints it, with where it came from when a task's own code threw it. */
function wentWrong(error: unknown): Readonly<Record<string, unknown>> {
  if (error === undefined || error === null) return { exception: 'None', traceback: null };
  const { exc_type: type, exc_message: message } = failureFrom(error);
  const args = Array.isArray(message) ? message : [message];
  const exception = `${type}(${args.map((arg) => pythonRepr(arg)).join(', ')})`;
  return error instanceof NotRegistered ? { exception } : { exception, traceback: tracebackOf(error) };
}
