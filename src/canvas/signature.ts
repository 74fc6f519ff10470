import type { SignatureData, TaskRequest } from '../app/index.js';
import { newId, systemClock, ToolboxError } from '../base/index.js';
import type { AsyncResult } from '../results/index.js';
import { applySignature } from './apply-signature.js';
import { type Draft, draftOf, isEmptyGroup } from './draft.js';
import { freeze } from './freeze.js';
import { handleOf } from './handle.js';
import { addLink, addLinkError } from './links.js';
import { merge } from './merge.js';
import type { Stamps } from './merge-stamps.js';
import { groupNode } from './result-node.js';
import type { CanvasApp } from './sending.js';
import { addStamps, type StampingVisitor, type StampOptions } from './stamp.js';

/** Options of a signature, under Celery's names; any other name travels as a message property. `immutable` sets the flag. */
export interface SignatureOptions {
  readonly immutable?: boolean;
  readonly [option: string]: unknown;
}

/** Arguments and options added when a signature is sent. */
export interface SignatureCall<In extends readonly unknown[]> {
  readonly args?: In;
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
}

/**
 * A task call, or a whole workflow, as a value (protocol section 8). It never changes: every method gives a new one.
 * `In` are the arguments it still takes in front, `Out` is what it returns, `Result` the handle `applyAsync` gives.
 */
export class Signature<in In extends readonly unknown[], out Out, out Result = AsyncResult<Out>>
  implements SignatureData
{
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly subtask_type: string | null;
  readonly immutable: boolean;
  /** Not a value: carries the types. */
  declare readonly '~types': { readonly accepts: (args: In) => void; readonly returns: Out };
  readonly #app: CanvasApp | undefined;

  /** @throws ToolboxError CANVAS_INVALID when `data` is no signature. */
  constructor(app: CanvasApp | undefined, data: SignatureData) {
    const draft = draftOf(data);
    this.task = draft.task;
    this.args = draft.args;
    this.kwargs = draft.kwargs;
    this.options = draft.options;
    this.subtask_type = draft.subtask_type;
    this.immutable = draft.immutable;
    this.#app = app;
    Object.freeze(this);
  }

  /** The app of the signatures it was made from; undefined for data from elsewhere. */
  get app(): CanvasApp | undefined {
    return this.#app;
  }

  /** The id it was given, if it was. */
  get id(): string | undefined {
    return this.options['task_id'] as string | undefined;
  }

  /** With these options added. */
  set({ immutable, ...options }: SignatureOptions): Signature<In, Out, Result> {
    return this.#with((draft) => {
      if (immutable !== undefined) draft.immutable = immutable;
      Object.assign(draft.options, options);
    });
  }

  /** With these arguments in front, and these keywords and options added. */
  clone(
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
    options: SignatureOptions = {},
  ): Signature<readonly unknown[], Out, Result> {
    const copy = this.#with((draft) => Object.assign(draft, merge(draft, { args, kwargs, options })));
    return copy as Signature<readonly unknown[], Out, Result>;
  }

  /** With a callback: sent with this one's result when it has succeeded. */
  link(callback: Linkable<[Out]>): Signature<In, Out, Result> {
    return this.#with((draft) => addLink(draft, draftOf(callback)));
  }

  /**
   * With an errback: sent with this one's id when it has failed. One that takes more than an id is called with
   * `(request, error, traceback)` instead, in the worker's own process, where that worker has it; else it fails as a message.
   */
  linkError(
    errback: Linkable<[string]> | Linkable<[TaskRequest, unknown, string | null]>,
  ): Signature<In, Out, Result> {
    const onHeader = this.#app?.conf.task_allow_error_cb_on_chord_header === true;
    return this.#with((draft) => addLinkError(draft, draftOf(errback), onHeader));
  }

  /**
   * With stamps: headers that go with it, its members, callbacks and errbacks, and by which its tasks can be revoked. They
   * are given, or chosen part by part by a visitor.
   */
  stamp(given: Stamps | StampingVisitor, options: StampOptions = {}): Signature<In, Out, Result> {
    return this.#with((draft) => addStamps(draft, given, options));
  }

  /** With its ids chosen: the handle works before anything is sent. Sending it twice would send the same ids twice. */
  freeze(id: string = newId()): { readonly signature: Signature<In, Out, Result>; readonly result: Result } {
    const app = this.#bound();
    const draft = draftOf(this);
    const result = handleOf(app, freeze(draft, { id, replyTo: app.replyTo }));
    return { signature: new Signature(app, draft), result: result as Result };
  }

  /** Sends it with these arguments in front. Rejects as `applyAsync`. */
  async delay(...args: In): Promise<Result> {
    return this.#apply({ args });
  }

  /**
   * Sends it. Rejects with CANVAS_INVALID when it cannot be sent, else as `app.send`; parts of a workflow may have been
   * sent by then.
   */
  async applyAsync(call: SignatureCall<In> = {}): Promise<Result> {
    return this.#apply(call);
  }

  /**
   * Runs it here and now, in this process, with its callbacks, retries and the whole workflow, without a broker and without
   * waiting for countdowns (Celery's `apply`). The result has ended when it resolves; with `throw` (default
   * `task_eager_propagates`) a failure rejects. What the tasks themselves send goes to the broker.
   */
  async apply({
    throw: propagate,
    ...call
  }: SignatureCall<In> & { readonly throw?: boolean } = {}): Promise<Result> {
    if (this.#isNothing()) return this.#nothing();
    const app = this.#bound();
    const eager = app.eagerApp?.();
    if (eager === undefined)
      throw new ToolboxError('CANVAS_INVALID', `${this.task} cannot be run here: its app only sends`);
    const { args = [], kwargs = {}, ...options } = call;
    const parts = { args, kwargs, options: { ...options, add_to_parent: false } };
    const result = await applySignature(eager, this, parts);
    if (propagate ?? app.conf.task_eager_propagates) await result.get();
    return result as Result;
  }

  /** The wire form. */
  toJSON(): SignatureData {
    const { task, args, kwargs, options, subtask_type, immutable } = this;
    return { task, args, kwargs, options, subtask_type, immutable };
  }

  async #apply({
    args = [] as never,
    kwargs = {},
    ...options
  }: SignatureCall<readonly unknown[]>): Promise<Result> {
    if (this.#isNothing()) return this.#nothing();
    return (await applySignature(this.#bound(), this, { args, kwargs, options })) as Result;
  }

  /** A group of none has no app of its members, and needs none. */
  #isNothing(): boolean {
    return this.#app === undefined && isEmptyGroup(draftOf(this));
  }

  #nothing(): Result {
    const nowhere = { backend: () => Promise.resolve(undefined), clock: systemClock };
    return handleOf(nowhere, groupNode(newId(), [])) as Result;
  }

  #bound(): CanvasApp {
    if (this.#app !== undefined) return this.#app;
    throw new ToolboxError(
      'CANVAS_INVALID',
      `Signature of ${this.task} belongs to no app: make it with signature(app, ...)`,
      {
        fields: { task: this.task },
      },
    );
  }

  #with(change: (draft: Draft) => void): Signature<In, Out, Result> {
    const draft = draftOf(this);
    change(draft);
    return new Signature(this.#app, draft);
  }
}

/** What may follow: a signature that takes these arguments, or one that takes none. Data from the wire is not checked. */
export type Linkable<Args extends readonly unknown[]> =
  | Signature<Args, unknown, unknown>
  | (SignatureData & { readonly '~types'?: undefined });

/** A signature whose types nobody knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- stands for every type, given and taken
export type AnySignature = Signature<any, any, any>;
