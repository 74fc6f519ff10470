import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  type ApplyInput,
  type ApplyOptions,
  type Bound,
  defineTask,
  type InputTask,
  type PositionalOptions,
  type Task,
  type TaskContext,
  type TaskOptions,
  type Unbound,
  type WithInput,
} from '../app/index.js';
import type { AsyncResult, GroupResult } from '../results/index.js';
import { signature } from './compose.js';
import type { CanvasApp } from './sending.js';
import type { Signature, SignatureCall } from './signature.js';

/** What a call still lacks in front when it is given only its last arguments. */
type Tail<Args extends readonly unknown[]> = Args extends readonly [unknown, ...infer Rest]
  ? Rest
  : readonly unknown[];
type Head<Args extends readonly unknown[]> = Args extends readonly [infer First, ...unknown[]]
  ? [First]
  : readonly unknown[];

interface Throw {
  /** A failure rejects. Default `task_eager_propagates`. */
  readonly throw?: boolean;
}

/** The short-hands of a positional task. */
export interface PositionalSignatures<Args extends readonly unknown[], R> {
  /** A signature that lacks all arguments, the first one (which a chain gives), or none. */
  s(): Signature<Args, R>;
  s(...args: Args): Signature<number extends Args['length'] ? readonly unknown[] : [], R>;
  s(...args: Tail<Args>): Signature<Head<Args>, R>;
  /** Immutable: takes nothing from the task before it. */
  si(...args: Args): Signature<readonly unknown[], R>;
  /** Runs it here and now, as `Signature.apply`. */
  apply(call: ApplyOptions<Args> & Throw): Promise<AsyncResult<R>>;
  /** One message that calls the task for each item in turn. */
  map(items: readonly Args[0][]): Signature<readonly unknown[], R[]>;
  /** The same with lists of arguments. */
  starmap(items: readonly Args[]): Signature<readonly unknown[], R[]>;
  /** Lists of arguments in messages of `size` each. */
  chunks(items: readonly Args[], size: number): Signature<readonly unknown[], R[][], GroupResult<R[]>>;
}

/** The short-hands of a task with a schema: its input travels as keywords. */
export interface InputSignatures<Input, R> {
  s(input: Input): Signature<[], R>;
  /** Lacking a part, or all, of its input: the task before gives it, as one object. */
  s(input?: Partial<Input>): Signature<[unknown], R>;
  si(input: Input): Signature<readonly unknown[], R>;
  /** Runs it here and now, as `Signature.apply`. */
  apply(call: ApplyInput<Input> & Throw): Promise<AsyncResult<R>>;
  map(items: readonly Input[]): Signature<readonly unknown[], R[]>;
}

export type CanvasTask<Args extends readonly unknown[], R> = Task<Args, R> & PositionalSignatures<Args, R>;
export type CanvasInputTask<Input, R> = InputTask<Input, R> & InputSignatures<Input, R>;

type In<S extends StandardSchemaV1> = StandardSchemaV1.InferInput<S>;
type Out<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** `app.task(...)` of the front door: as `defineTask`, with the short-hands of the canvas. */
export interface TaskFactory {
  <Args extends unknown[], R>(name: string, fn: (...args: Args) => R): CanvasTask<Args, Awaited<R>>;
  <Args extends unknown[], R>(
    name: string,
    options: PositionalOptions & Unbound,
    fn: (...args: Args) => R,
  ): CanvasTask<Args, Awaited<R>>;
  <Args extends unknown[], R>(
    name: string,
    options: PositionalOptions & Bound,
    fn: (task: TaskContext, ...args: Args) => R,
  ): CanvasTask<Args, Awaited<R>>;
  <S extends StandardSchemaV1, R>(
    name: string,
    options: WithInput<S> & Unbound,
    fn: (input: Out<S>) => R,
  ): CanvasInputTask<In<S>, Awaited<R>>;
  <S extends StandardSchemaV1, R>(
    name: string,
    options: WithInput<S> & Bound,
    fn: (task: TaskContext, input: Out<S>) => R,
  ): CanvasInputTask<In<S>, Awaited<R>>;
}

/** Makes an app's task factory. */
export function taskFactory(app: CanvasApp): TaskFactory {
  const make = (
    name: string,
    optionsOrFn: (TaskOptions & { readonly input?: StandardSchemaV1 }) | (() => unknown),
    fn?: () => unknown,
  ): object => {
    // The overloads are TaskFactory's; here their union is passed on.
    const define = defineTask as (...call: unknown[]) => Task<unknown[], unknown>;
    const task = define(app, name, optionsOrFn, ...(fn === undefined ? [] : [fn]));
    const withInput = typeof optionsOrFn !== 'function' && optionsOrFn.input !== undefined;
    return Object.assign(task, signaturesOf(app, name, withInput));
  };
  return make as unknown as TaskFactory;
}

function signaturesOf(app: CanvasApp, name: string, withInput: boolean): object {
  const call = (args: readonly unknown[]): { args: readonly unknown[]; kwargs: Record<string, unknown> } =>
    withInput ? { args: [], kwargs: (args[0] ?? {}) as Record<string, unknown> } : { args, kwargs: {} };
  const plain = signature(app, name).toJSON();
  const over = (
    task: string,
    kwargs: Record<string, unknown>,
  ): Signature<readonly unknown[], unknown, unknown> =>
    signature(app, `celery.${task}`, { kwargs: { task: plain, ...kwargs }, immutable: true });
  return {
    s: (...args: unknown[]) => signature(app, name, call(args)),
    si: (...args: unknown[]) => signature(app, name, { ...call(args), immutable: true }),
    apply: (call: SignatureCall<readonly unknown[]>) => signature(app, name).apply(call),
    map: (it: readonly unknown[]) => over('map', { it }),
    starmap: (it: readonly unknown[]) => over('starmap', { it }),
    chunks: (it: readonly unknown[], n: number) => over('chunks', { it, n }),
  };
}
