import type { SignatureData } from '../app/index.js';
import { type Kind, kindOf } from './draft.js';
import type { CanvasApp } from './sending.js';

type Values = Readonly<Record<string, unknown>>;

/** Options that hold signatures, which whoever runs the task sends. */
const FOLLOWING = ['link', 'link_error', 'chain', 'chord'];
const MEMBERS: Partial<Record<Kind, readonly string[]>> = {
  chain: ['tasks'],
  group: ['tasks'],
  chord: ['header', 'body'],
};

/**
 * Names the queue of every chord's body in a signature that travels. Python's worker sends `celery.chord_unlock` there, and
 * looks for it in the body's own options only: when its router answers with exchange and key, as the architecture's does,
 * it finds none and fails the task before the chord. The queue named is the one the body goes to anyway.
 */
export function withBodyQueues(app: CanvasApp, signature: SignatureData): SignatureData {
  const kind = kindOf(signature);
  const kwargs = mapped(app, signature.kwargs, MEMBERS[kind] ?? []);
  const options = optionsWithBodyQueues(app, signature.options);
  const named = kind === 'chord' ? withQueue(app, kwargs) : kwargs;
  return named === signature.kwargs && options === signature.options
    ? signature
    : { ...signature, kwargs: named, options };
}

/** The same for the signatures among a call's options. */
export const optionsWithBodyQueues = (app: CanvasApp, options: Values): Values =>
  mapped(app, options, FOLLOWING);

/** With the signatures under these names replaced; the same object when none changes. */
function mapped(app: CanvasApp, values: Values, names: readonly string[]): Values {
  const each = (value: unknown): unknown => (isSignature(value) ? withBodyQueues(app, value) : value);
  let changed: Record<string, unknown> | undefined;
  for (const name of names) {
    const before = values[name];
    const after = Array.isArray(before) ? before.map(each) : each(before);
    if (
      Array.isArray(after) ? after.every((item, at) => item === (before as unknown[])[at]) : after === before
    )
      continue;
    changed ??= { ...values };
    changed[name] = after;
  }
  return changed ?? values;
}

function withQueue(app: CanvasApp, kwargs: Values): Values {
  const { body } = kwargs;
  if (!isSignature(body) || typeof body.options['queue'] === 'string') return kwargs;
  const queue = queueOf(app, body);
  return queue === undefined ? kwargs : { ...kwargs, body: { ...body, options: { ...body.options, queue } } };
}

/** Only where one queue is meant: options of a group hold for all its members, those of a chain for its first step. */
function queueOf(app: CanvasApp, body: SignatureData): string | undefined {
  const kind = kindOf(body);
  if (kind === 'chain') {
    const [first] = body.kwargs['tasks'] as readonly SignatureData[];
    return first === undefined || kindOf(first) !== 'task' ? undefined : queueOf(app, first);
  }
  if (kind !== 'task') return undefined;
  const own = body.options['queue'] ?? app.tasks.get(body.task)?.options.queue;
  return typeof own === 'string' ? own : routedQueue(app, body.task);
}

function routedQueue(app: CanvasApp, task: string): string | undefined {
  try {
    const route = app.routeOf?.(task);
    // Sent to a queue itself, the task has a queue in Python's route as well.
    if (route === undefined || route.destination.exchange === '') return undefined;
    return route.takers.find(({ tap }) => tap !== true)?.name;
  } catch {
    // A route that only others know: they find the queue.
    return undefined;
  }
}

const isSignature = (value: unknown): value is SignatureData =>
  typeof value === 'object' && value !== null && typeof (value as { task?: unknown }).task === 'string';
