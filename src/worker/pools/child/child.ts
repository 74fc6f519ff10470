import { type App, currentTask, runInTask } from '../../../app/index.js';
import { type Deferred, deferred, type Logger, messageOf } from '../../../base/index.js';
import { builtinTasks } from '../../../canvas/index.js';
import type { Outcome } from '../../execution/outcome.js';
import { outcomeOf } from '../../execution/outcome-of.js';
import { EncodeError, NotRegistered } from '../../execution/task-errors.js';
import { type Packed, pack, unpack } from '../crossing/index.js';
import type { ChildPort, ChildSetup, EndData, JobData, ToChild } from '../protocol.js';
import { ChildAttempt } from './attempt.js';
import { forwardLogger } from './forward-logger.js';
import { type OpenedApp, openApp } from './open-app.js';

/** The child's side of a pool: runs the tasks of its own copy of the app, one at a time. */
export class Child {
  readonly #port: ChildPort;
  readonly #setup: ChildSetup;
  readonly #logger: Logger;
  readonly #calls = new Map<number, Deferred<void>>();
  #opened: OpenedApp | undefined;
  #current: { readonly job: number; readonly attempt: ChildAttempt } | undefined;
  #lastCall = 0;

  constructor(port: ChildPort, setup: ChildSetup) {
    this.#port = port;
    this.#setup = setup;
    this.#logger = forwardLogger(port);
  }

  /** Resolves when jobs can come; with false when they cannot, which the worker has been told. */
  async start(): Promise<boolean> {
    const { source, hostname } = this.#setup;
    this.#port.send({ kind: 'alive' });
    try {
      this.#opened = await openApp(source);
      const { app } = this.#opened;
      app.logger = this.#logger;
      for (const task of builtinTasks(app))
        if (app.tasks.get(task.name) === undefined) app.tasks.register(task);
      await app.signals.send('worker_process_init', { hostname, pid: process.pid });
    } catch (error) {
      this.#port.send({ kind: 'failed', error: pack(error) });
      return false;
    }
    this.#port.send({ kind: 'ready' });
    return true;
  }

  /** Resolves with true when it was told to stop, and has. */
  async take(message: ToChild): Promise<boolean> {
    switch (message.kind) {
      case 'job':
        await this.#run(message.job, unpack(message.data) as JobData);
        return false;
      case 'abort':
        if (this.#current?.job === message.job) this.#current.attempt.abort(unpack(message.reason) as Error);
        return false;
      case 'stored':
        this.#stored(message.call, message.error);
        return false;
      case 'stop':
        await this.#stop();
        return true;
    }
  }

  /** An error that no promise hears: of the task whose code made it, else of the one that runs. */
  stray(error: unknown): void {
    const context = currentTask();
    const current = this.#current;
    if (current !== undefined && (context === undefined || context === current.attempt.context)) {
      return this.#port.send({ kind: 'stray', job: current.job, error: pack(error) });
    }
    const { name: task, id } = context ?? {};
    this.#logger.error({ task, id, err: error }, 'an error after its task had ended');
  }

  async #run(job: number, data: JobData): Promise<void> {
    const app = this.#app;
    const task = app.tasks.get(data.message.task);
    if (task === undefined) {
      const error = new NotRegistered(data.message.task);
      return this.#end(job, { outcome: { kind: 'failure', error }, children: [], taken: null });
    }
    const attempt = new ChildAttempt(data, task, {
      app,
      hostname: this.#setup.hostname,
      logger: this.#logger,
      random: Math.random,
      updateState: (state, meta) => this.#updateState(job, state, meta),
      watch: () => this.#port.send({ kind: 'watch', job }),
    });
    this.#current = { job, attempt };
    const outcome = await this.#outcome(app, attempt);
    attempt.close();
    this.#current = undefined;
    this.#end(job, { outcome, children: attempt.children, taken: attempt.taken });
  }

  async #outcome({ signals }: App, attempt: ChildAttempt): Promise<Outcome> {
    const { task, message, context, children } = attempt;
    const payload = (): {
      task: string;
      id: string;
      request: typeof context.request;
      context: typeof context;
    } => ({
      task: task.name,
      id: message.id,
      request: context.request,
      context,
    });
    if (signals.has('task_prerun')) await signals.send('task_prerun', payload());
    const outcome = await runInTask(
      context,
      () => task.run(context, message.args, message.kwargs),
      children,
    ).then(
      (value): Outcome => ({ kind: 'success', value }),
      (error: unknown) => outcomeOf(error, attempt, Math.random),
    );
    if (signals.has('task_postrun')) {
      await signals.send('task_postrun', {
        ...payload(),
        state: stateOf(outcome),
        retval: retvalOf(outcome),
      });
    }
    return outcome;
  }

  #end(job: number, data: EndData): void {
    const memory = this.#setup.measured ? this.#port.memory() : null;
    try {
      this.#port.send({ kind: 'end', job, data: pack(data), memory });
    } catch (cause) {
      // Nested without end, or larger than what the engine clones.
      const error = new EncodeError(`the result cannot leave its ${this.#port.place}: ${messageOf(cause)}`, {
        cause,
      });
      const outcome = { kind: 'failure', error } as const;
      this.#port.send({ kind: 'end', job, data: pack({ ...data, outcome, taken: null }), memory });
    }
  }

  #updateState(job: number, state: string, meta: unknown): Promise<void> {
    this.#lastCall += 1;
    const call = this.#lastCall;
    const answer = deferred();
    this.#port.send({ kind: 'state', job, call, state, meta: pack(meta) });
    this.#calls.set(call, answer);
    return answer.promise;
  }

  #stored(call: number, error: Packed | null): void {
    const answer = this.#calls.get(call);
    this.#calls.delete(call);
    if (error === null) answer?.resolve();
    else answer?.reject(unpack(error));
  }

  async #stop(): Promise<void> {
    const { hostname } = this.#setup;
    await this.#opened?.app.signals.send('worker_process_shutdown', { hostname, pid: process.pid });
    await Promise.allSettled([this.#opened?.app.close(), this.#opened?.close?.()]);
  }

  get #app(): App {
    if (this.#opened === undefined) throw new Error('a job came before the app was there');
    return this.#opened.app;
  }
}

const STATES: Partial<Readonly<Record<Outcome['kind'], string>>> = {
  success: 'SUCCESS',
  failure: 'FAILURE',
  retry: 'RETRY',
  ignored: 'IGNORED',
  rejected: 'REJECTED',
  revoked: 'REVOKED',
};

const stateOf = ({ kind }: Outcome): string => STATES[kind] ?? 'RETURNED';

const retvalOf = (outcome: Outcome): unknown =>
  outcome.kind === 'success' ? outcome.value : outcome.kind === 'failure' ? outcome.error : null;
