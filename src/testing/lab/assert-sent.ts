import { AssertionError } from 'node:assert';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { SentTask } from './sent-task.js';

/** A task by its definition or its name. */
export type TaskRef = string | { readonly name: string };

/** What a call must have been sent with; what is left out may be anything. */
export interface ExpectedCall<Args extends readonly unknown[] = readonly unknown[]> {
  readonly args?: Args;
  /** These keywords; there may be others. The same for `headers` and `properties`. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** It reached this queue. */
  readonly queue?: string;
  readonly retries?: number;
  readonly countdown?: number | null;
}

const NAMED = ['kwargs', 'headers', 'properties'] as const;
const EXACT = ['args', 'retries', 'countdown'] as const;

/**
 * The first call of that task that is as expected. Throws an AssertionError that shows the call that comes nearest against what
 * was expected, or what was sent instead.
 */
export function assertSent(sent: readonly SentTask[], task: TaskRef, expected: ExpectedCall): SentTask {
  const name = nameOf(task);
  const calls = sent.filter((one) => one.task === name);
  const found = calls.find((one) => missesOf(one, expected) === 0);
  if (found !== undefined) return found;
  const nearest = calls.toSorted((a, b) => missesOf(a, expected) - missesOf(b, expected))[0];
  if (nearest === undefined) {
    throw new AssertionError({
      message: `${name} was not sent. Sent: ${namesOf(sent)}`,
      actual: sent.map((one) => one.task),
      expected: [name],
      operator: 'assertSent',
    });
  }
  const [actual, wanted] = [shownOf(nearest, expected), wantedOf(expected)];
  throw new AssertionError({
    message: `${name} was sent ${times(calls.length)}, but not as expected.\nexpected: ${inspect(wanted)}\n nearest: ${inspect(actual)}`,
    actual,
    expected: wanted,
    operator: 'assertSent',
  });
}

/** Throws when a call of that task that is as expected was sent. */
export function assertNotSent(sent: readonly SentTask[], task: TaskRef, expected: ExpectedCall): void {
  const name = nameOf(task);
  const found = sent.filter((one) => one.task === name && missesOf(one, expected) === 0);
  if (found.length === 0) return;
  throw new AssertionError({
    message: `${name} was sent ${times(found.length)}: ${inspect(found.map((one) => shownOf(one, { args: [], kwargs: one.kwargs })))}`,
    actual: found.length,
    expected: 0,
    operator: 'assertNotSent',
  });
}

export const nameOf = (task: TaskRef): string => (typeof task === 'string' ? task : task.name);

/** How many of the things expected are not so. */
function missesOf(call: SentTask, expected: ExpectedCall): number {
  const [actual, wanted] = [shownOf(call, expected), wantedOf(expected)];
  return Object.keys(wanted).filter((key) => !isDeepStrictEqual(actual[key], wanted[key])).length;
}

/** Of a call, what something is expected of. */
function shownOf(call: SentTask, expected: ExpectedCall): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of EXACT) if (expected[key] !== undefined) shown[key] = call[key];
  for (const key of NAMED) {
    for (const name of Object.keys(expected[key] ?? {})) shown[`${key}.${name}`] = call[key][name];
  }
  if (expected.queue !== undefined) {
    shown['queue'] = call.queues.includes(expected.queue) ? expected.queue : call.queues.join(', ');
  }
  return shown;
}

function wantedOf(expected: ExpectedCall): Record<string, unknown> {
  const wanted: Record<string, unknown> = {};
  for (const key of EXACT) if (expected[key] !== undefined) wanted[key] = expected[key];
  for (const key of NAMED) {
    for (const [name, value] of Object.entries(expected[key] ?? {})) wanted[`${key}.${name}`] = value;
  }
  if (expected.queue !== undefined) wanted['queue'] = expected.queue;
  return wanted;
}

const namesOf = (sent: readonly SentTask[]): string =>
  [...new Set(sent.map((one) => one.task))].join(', ') || 'nothing';

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
