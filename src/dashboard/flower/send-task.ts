import type { CallOptions } from '../../app/index.js';
import { isReady, messageOf, newId, ToolboxError } from '../../base/index.js';
import { pythonRepr } from '../../serialization/index.js';
import type { Celery } from '../../toolbox/index.js';
import { type FlowerRequest, flowerError, flowerJson } from './flower-request.js';

/** Seconds a request waits for a result, whatever it asks for. */
const LONGEST_WAIT = 30;

/** `async-apply` (registered tasks) and `send-task` (any): publishes and tells the id. */
export async function sendTask(request: FlowerRequest, registered: boolean): Promise<Response> {
  const { app, options, args, kwargs } = read(request, registered);
  const result = await publish(app, request.target, args, kwargs, options);
  return flowerJson({ 'task-id': result.id, ...(await stateOf(app, result.id)) });
}

/** `apply`: publishes and waits for the result. */
export async function applyTask(request: FlowerRequest): Promise<Response> {
  const { app, options, args, kwargs, timeout } = read(request, true);
  const result = await publish(app, request.target, args, kwargs, options);
  return flowerJson({ 'task-id': result.id, ...(await waitFor(app, result.id, timeout ?? LONGEST_WAIT)) });
}

/** `result`: what is stored, after a wait when one is asked for. */
export async function taskResult(request: FlowerRequest): Promise<Response> {
  const { app } = request.services;
  if (app === undefined || (await app.backend()) === undefined) throw flowerError(503, 'no result backend');
  const timeout = request.number('timeout');
  const found =
    timeout !== undefined && timeout > 0
      ? await waitFor(app, request.target, timeout)
      : { ...(await stateOf(app, request.target)), ...(await resultOf(app, request.target)) };
  return flowerJson({ 'task-id': request.target, ...found });
}

function read(request: FlowerRequest, registered: boolean) {
  const { app } = request.services;
  if (app === undefined) throw flowerError(503, 'the dashboard was started without an app');
  const { args = [], kwargs = {}, timeout, ...options } = request.object();
  if (!Array.isArray(args)) throw flowerError(400, 'args must be an array');
  if (kwargs === null || typeof kwargs !== 'object' || Array.isArray(kwargs))
    throw flowerError(400, 'invalid options');
  if (registered && app.tasks.get(request.target) === undefined)
    throw flowerError(404, `Unknown task '${request.target}'`);
  const wait = timeout === undefined || timeout === null ? undefined : Number(timeout);
  if (Number.isNaN(wait)) throw flowerError(400, 'Invalid timeout');
  return {
    app,
    args,
    kwargs: kwargs as Record<string, unknown>,
    options: callOptions(options),
    timeout: wait,
  };
}

/** Times are written as Flower reads them: `2026-11-25 10:00:00.0`, in UTC. */
function callOptions(given: Record<string, unknown>): CallOptions {
  const { eta, countdown, expires, ...rest } = given;
  const number = (value: unknown): number => {
    const found = Number(value);
    if (Number.isNaN(found)) throw flowerError(400, 'Invalid option');
    return found;
  };
  return {
    ...rest,
    ...(eta !== undefined && { eta: time(eta) }),
    ...(countdown !== undefined && { countdown: number(countdown) }),
    ...(expires !== undefined && {
      expires: Number.isNaN(Number(expires)) ? time(expires) : number(expires),
    }),
  };
}

function time(value: unknown): Date {
  const found = new Date(`${String(value).replace(' ', 'T')}Z`);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+$/.test(String(value)) || Number.isNaN(found.getTime()))
    throw flowerError(400, 'Invalid option');
  return found;
}

async function publish(
  app: Celery,
  task: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  options: CallOptions,
) {
  try {
    return await app.send({ task, args, kwargs, options: { task_id: newId(), ...options } });
  } catch (error) {
    if (
      error instanceof ToolboxError &&
      ['TASK_ARGUMENTS', 'CONFIG_INVALID', 'UNROUTABLE'].includes(error.code)
    )
      throw flowerError(400, messageOf(error));
    throw error;
  }
}

async function stateOf(app: Celery, id: string): Promise<{ state?: string }> {
  return (await app.backend()) === undefined ? {} : { state: await app.asyncResult(id).state() };
}

async function resultOf(app: Celery, id: string): Promise<object> {
  const meta = await app.asyncResult(id).result();
  if (!isReady(meta.status)) return {};
  if (meta.status !== 'FAILURE') return { result: plain(meta.result) };
  return { result: pythonRepr(meta.result), traceback: meta.traceback ?? null };
}

async function waitFor(app: Celery, id: string, timeout: number): Promise<object> {
  const result = app.asyncResult(id);
  await result.get({ propagate: false, timeout: Math.min(timeout, LONGEST_WAIT) }).catch((error: unknown) => {
    if (!(error instanceof ToolboxError) || error.code !== 'RESULT_TIMEOUT') throw error;
  });
  return { ...(await stateOf(app, id)), ...(await resultOf(app, id)) };
}

/** As JSON where it can be, else as Python shows it. */
function plain(value: unknown): unknown {
  try {
    JSON.stringify(value);
    return value ?? null;
  } catch {
    return pythonRepr(value);
  }
}
