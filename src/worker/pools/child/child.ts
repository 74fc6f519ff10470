import { type App, currentTask, runInTask } from '../../../app/index.js';
import { type Deferred, deferred, type Logger, messageOf } from '../../../base/index.js';
import { builtinTasks } from '../../../canvas/index.js';
import type { Outcome } from '../../execution/outcome.js';
import { outcomeOf } from '../../execution/outcome-of.js';
import { EncodeError, NotRegistered } from '../../execution/task-errors.js';
import { type Packed, pack, unpack } from '../crossing/index.js';
import type { ChildPort, ChildSetup, EndData, JobData, ToChild } from '../protocol.js';
import { ChildAttempt } from './attempt.js';
import type { ContextLink } from './child-context.js';
import { forwardLogger } from './forward-logger.js';
import { type OpenedApp, openApp } from './open-app.js';

/** The child's side of a pool: runs the tasks of its own copy of the app, one at a time. */
export class Child {
  readonly #port: ChildPort;
  readonly #setup: ChildSetup;
  readonly #logger: Logger;
  readonly #stopped: () => void;
  readonly #calls = new Map<number, Deferred<void>>();
  #opened: { readonly source: OpenedApp; readonly app: App; readonly link: ContextLink } | undefined;
  #current: { readonly job: number; readonly attempt: ChildAttempt } | undefined;
  #lastCall = 0;

  constructor(port: ChildPort, setup: ChildSetup, stopped: () => void) {
    this.#stopped = stopped;
    this.#port = port;
    this.#setup = setup;
    this.#logger = forwardLogger(port);
  }

  /** Resolves when jobs can come; with false when they cannot, which the worker has been told. */
  async start(): Promise<boolean> {
    const { source, hostname } = this.#setup;
    this.#port.send({ kind: 'alive' });
    try {
      const opened = await openApp(source);
      const { app } = opened;
      app.logger = this.#logger;
      app.becomeChild(this.#port.place);
      this.#opened = { source: opened, app, link: this.#linkOf(app) };
      await app.signals.demand('import_modules', {});
      for (const task of builtinTasks(app))
        if (app.tasks.get(task.name) === undefined) app.tasks.register(task);
      await app.signals.send('worker_process_init', { hostname, pid: process.pid });
    } catch (error) {
      this.#port.send({ kind: 'failed', data: pack(error) });
      return false;
    }
    this.#port.send({ kind: 'ready' });
    return true;
  }

  take(message: ToChild): void {
    switch (message.kind) {
      case 'job':
        return this.#begin(message.job, unpack(message.data) as JobData);
      case 'abort':
        if (this.#current?.job === message.job) this.#current.attempt.abort(unpack(message.data) as Error);
        return;
      case 'stored':
        return this.#stored(message.call, message.data);
      case 'stop':
        return void this.#stop();
    }
  }

  /** An error that no promise hears: of the task whose code made it, else of the one that runs. */
  stray(error: unknown): void {
    const context = currentTask();
    const current = this.#current;
    if (current !== undefined && (context === undefined || context === current.attempt.context)) {
      return this.#port.send({ kind: 'stray', job: current.job, data: pack(error) });
    }
    const { name: task, id } = context ?? {};
    this.#logger.error({ task, id, err: error }, 'an error after its task had ended');
  }

  #begin(job: number, data: JobData): void {
    const { app, link } = this.#running;
    const task = app.tasks.get(data.message.task);
    if (task === undefined) {
      const error = new NotRegistered(data.message.task);
      return this.#end(job, { outcome: { kind: 'failure', error }, children: [], taken: null });
    }
    const attempt = new ChildAttempt(job, data, task, link);
    this.#current = { job, attempt };
    void this.#run(job, attempt);
  }

  // Most jobs have one thing to wait for: each promise costs, where their context is followed.
  async #run(job: number, attempt: ChildAttempt): Promise<void> {
    const { signals } = this.#running.app;
    const { task, message, context, children } = attempt;
    if (signals.has('task_prerun')) await signals.send('task_prerun', told(attempt));
    let outcome: Outcome;
    try {
      const value = await runInTask(context, () => task.run(context, message.args, message.kwargs), children);
      outcome = { kind: 'success', value };
    } catch (error) {
      outcome = outcomeOf(error, attempt, Math.random);
    }
    if (signals.has('task_postrun')) {
      const end = { state: stateOf(outcome), retval: retvalOf(outcome) };
      await signals.send('task_postrun', { ...told(attempt), ...end });
    }
    attempt.close();
    this.#current = undefined;
    this.#end(job, { outcome, children, taken: attempt.taken });
  }

  #end(job: number, data: EndData): void {
    const memory = this.#setup.measured ? this.#port.memory() : null;
    try {
      this.#port.send({ kind: 'end', job, data: pack(withoutNothing(data)), memory });
    } catch (cause) {
      // Nested without end, or larger than what the engine clones.
      const error = new EncodeError(`the result cannot leave its ${this.#port.place}: ${messageOf(cause)}`, {
        cause,
      });
      const outcome = { kind: 'failure', error } as const;
      this.#port.send({ kind: 'end', job, data: pack({ ...data, outcome, taken: null }), memory });
    }
  }

  /** What the contexts of all jobs share. */
  #linkOf(app: App): ContextLink {
    return {
      app,
      hostname: this.#setup.hostname,
      logger: this.#logger,
      random: Math.random,
      updateState: (job, state, meta) => this.#updateState(job, state, meta),
      watch: (job) => this.#port.send({ kind: 'watch', job }),
    };
  }

  #updateState(job: number, state: string, meta: unknown): Promise<void> {
    this.#lastCall += 1;
    const call = this.#lastCall;
    const answer = deferred();
    this.#port.send({ kind: 'state', job, call, state, data: pack(meta) });
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
    await Promise.allSettled([this.#opened?.app.close(), this.#opened?.source.close?.()]);
    this.#stopped();
  }

  get #running(): { readonly app: App; readonly link: ContextLink } {
    if (this.#opened === undefined) throw new Error('a job came before the app was there');
    return this.#opened;
  }
}

/** The most frequent result, undefined, is one that JSON has no word for: left out it reads the same. */
const withoutNothing = (data: EndData): object =>
  data.outcome.kind === 'success' && data.outcome.value === undefined
    ? { ...data, outcome: { kind: 'success' } }
    : data;

/** What listeners are told of it. */
const told = ({ task, message, context }: ChildAttempt) => ({
  task: task.name,
  id: message.id,
  request: context.request,
  context,
});

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
