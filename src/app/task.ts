import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AsyncResult } from '../results/index.js';
import type { App } from './app.js';
import { bindArguments } from './bind-arguments.js';
import { bindInput, keysOf } from './bind-input.js';
import type { CallOptions } from './call-options.js';
import { localContext } from './local-context.js';
import { namedParameters, type Parameters, parametersOf } from './parameters.js';
import type { RegisteredTask, TaskContext, TaskOptions } from './task-definition.js';

/** Arguments and options of one call. Arguments by keyword are checked when the call is made. */
export type ApplyOptions<Args extends readonly unknown[]> = CallOptions &
  (
    | { readonly args: Args; readonly kwargs?: Readonly<Record<string, never>> }
    | { readonly args?: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>> }
  );

/** The input of a task with a schema travels as keywords; positions are for what Python sends. */
export type ApplyInput<Input> = CallOptions & { readonly kwargs: Input; readonly args?: readonly [] };

/**
 * A task with positional arguments. Called as a function it runs here and now; `delay` and `applyAsync` send it.
 */
export interface Task<Args extends readonly unknown[], R> extends RegisteredTask {
  (...args: Args): Promise<R>;
  /** Sends a call. Rejects with TASK_ARGUMENTS, UNROUTABLE, BROKER_UNREACHABLE or BROKER_REFUSED. */
  delay(...args: Args): Promise<AsyncResult<R>>;
  /** Sends a call with options. */
  applyAsync(options: ApplyOptions<Args>): Promise<AsyncResult<R>>;
}

/** A task whose one argument is checked by a schema. */
export interface InputTask<Input, R> extends RegisteredTask {
  (input: Input): Promise<R>;
  delay(input: Input): Promise<AsyncResult<R>>;
  applyAsync(options: ApplyInput<Input>): Promise<AsyncResult<R>>;
}

export type PositionalOptions = TaskOptions & { readonly input?: undefined };
export type Unbound = { readonly bind?: false };
export type Bound = { readonly bind: true };
export type WithInput<S extends StandardSchemaV1> = TaskOptions & { readonly input: S };

type Sender = Pick<App, 'send' | 'tasks'> & Partial<Pick<App, 'instrumentation'>>;
type In<S extends StandardSchemaV1> = StandardSchemaV1.InferInput<S>;
type Out<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;
type AnyFunction = (...args: never[]) => unknown;

/**
 * Makes a task and registers it with the app.
 *
 * Positional: callers may use keywords by the names of the function's parameters; a parameter that may be left out needs
 * a default in the function, or `argNames: ['x', 'y?']`. With `input`: the function gets one validated object.
 * With `bind: true` the run's context comes first.
 *
 * @throws ToolboxError TASK_DUPLICATE when the name is taken.
 */
export function defineTask<Args extends unknown[], R>(
  app: Sender,
  name: string,
  fn: (...args: Args) => R,
): Task<Args, Awaited<R>>;
export function defineTask<Args extends unknown[], R>(
  app: Sender,
  name: string,
  options: PositionalOptions & Unbound,
  fn: (...args: Args) => R,
): Task<Args, Awaited<R>>;
export function defineTask<Args extends unknown[], R>(
  app: Sender,
  name: string,
  options: PositionalOptions & Bound,
  fn: (task: TaskContext, ...args: Args) => R,
): Task<Args, Awaited<R>>;
export function defineTask<S extends StandardSchemaV1, R>(
  app: Sender,
  name: string,
  options: WithInput<S> & Unbound,
  fn: (input: Out<S>) => R,
): InputTask<In<S>, Awaited<R>>;
export function defineTask<S extends StandardSchemaV1, R>(
  app: Sender,
  name: string,
  options: WithInput<S> & Bound,
  fn: (task: TaskContext, input: Out<S>) => R,
): InputTask<In<S>, Awaited<R>>;
export function defineTask(
  app: Sender,
  name: string,
  optionsOrFn: (TaskOptions & { readonly input?: StandardSchemaV1 | undefined }) | AnyFunction,
  maybeFn?: AnyFunction,
): Task<unknown[], unknown> | InputTask<unknown, unknown> {
  const [given, fn] =
    typeof optionsOrFn === 'function' ? [{}, optionsOrFn] : [optionsOrFn, maybeFn as AnyFunction];
  const { input, ...options } = given;
  const task =
    input === undefined ? positionalTask(app, name, options, fn) : inputTask(app, name, options, input, fn);
  app.tasks.register(task);
  return task;
}

type Call = {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
} & CallOptions;
type Invoke = (context: TaskContext | undefined, args: readonly unknown[]) => unknown;

function positionalTask(
  app: Sender,
  name: string,
  options: TaskOptions,
  fn: AnyFunction,
): Task<unknown[], unknown> {
  const parameters = positionalParameters(options, fn);
  const invoke = invoker(name, options, fn);
  const send = (call: Call): Promise<AsyncResult<unknown>> => {
    const args = withoutTrailingHoles(call.args ?? []);
    bindArguments(name, parameters, args, call.kwargs ?? {});
    return sendCall(app, name, { ...call, args });
  };
  return makeTask(
    async (...args: unknown[]) => invoke(undefined, args),
    { name, options: { ...options, ...readable(parameters) } },
    {
      required: parameters.required,
      run: (context, args, kwargs) =>
        instrumented(app, context, async () =>
          invoke(context, bindArguments(name, parameters, args, kwargs)),
        ),
      check: async (args, kwargs) => void bindArguments(name, parameters, args, kwargs),
      delay: async (...args: unknown[]) => send({ args }),
      applyAsync: async (call: Call) => send(call),
    },
  );
}

function inputTask(
  app: Sender,
  name: string,
  options: TaskOptions,
  schema: StandardSchemaV1,
  fn: AnyFunction,
): InputTask<unknown, unknown> {
  const keys = keysOf(schema, options.argNames);
  const invoke = invoker(name, options, fn);
  return makeTask(
    async (input: unknown) => invoke(undefined, [await bindInput(name, schema, keys, [input], {})]),
    { name, options: { ...options, ...(keys && { argNames: keys }) } },
    {
      run: (context, args, kwargs) =>
        instrumented(app, context, async () =>
          invoke(context, [await bindInput(name, schema, keys, args, kwargs)]),
        ),
      check: async (args, kwargs) => void (await bindInput(name, schema, keys, args, kwargs)),
      delay: async (input: unknown) => sendCall(app, name, { kwargs: input as Record<string, unknown> }),
      applyAsync: async (call: ApplyInput<unknown>) => sendCall(app, name, call as Call),
    },
  );
}

function instrumented(
  { instrumentation }: Sender,
  context: TaskContext,
  run: () => Promise<unknown>,
): Promise<unknown> {
  return instrumentation === undefined ? run() : instrumentation.run(context, run);
}

/** Calls the function, with the context first where the task is bound. */
function invoker(name: string, { bind }: TaskOptions, fn: AnyFunction): Invoke {
  const call = fn as (...args: unknown[]) => unknown;
  if (bind !== true) return (_context, args) => call(...args);
  return (context, args) => call(context ?? localContext(name), ...args);
}

function positionalParameters({ argNames, bind }: TaskOptions, fn: AnyFunction): Parameters {
  if (argNames !== undefined) return namedParameters(argNames);
  const found = parametersOf(fn) ?? {
    names: Array<null>(fn.length).fill(null),
    required: fn.length,
    rest: true,
  };
  if (bind !== true) return found;
  return { ...found, names: found.names.slice(1), required: Math.max(0, found.required - 1) };
}

const readable = ({ names }: Parameters): Pick<TaskOptions, 'argNames'> =>
  names.every((name) => name !== null) ? { argNames: names } : {};

/** Trailing undefined arguments are not sent: the receiver's own defaults apply. */
function withoutTrailingHoles(args: readonly unknown[]): readonly unknown[] {
  const last = args.findLastIndex((value) => value !== undefined);
  return last === args.length - 1 ? args : args.slice(0, last + 1);
}

const sendCall = (
  app: Sender,
  task: string,
  { args = [], kwargs = {}, ...options }: Call,
): Promise<AsyncResult<unknown>> => app.send({ task, args, kwargs, options });

/** A function that carries a task's members. Its own `name` is read-only until defined anew. */
function makeTask<
  F extends object,
  Identity extends Pick<RegisteredTask, 'name' | 'options'>,
  Members extends Pick<RegisteredTask, 'run' | 'check'>,
>(call: F, identity: Identity, members: Members): F & Identity & Members {
  Object.defineProperty(call, 'name', { value: identity.name });
  return Object.assign(call, { options: identity.options }, members) as unknown as F & Identity & Members;
}
