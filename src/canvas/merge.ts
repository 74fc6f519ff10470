import type { Draft } from './draft.js';

/** What is added to a signature when it is sent. */
export interface CallParts {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A signature with a call's parts (protocol 8.1): arguments go in front, keywords and options override; an immutable one
 * keeps its arguments. A group's id and stamps that are already there stay. Options that are null say nothing.
 */
export function merge(draft: Draft, { args, kwargs, options }: CallParts): CallParts {
  return {
    args: draft.immutable ? draft.args : [...args, ...draft.args],
    kwargs: draft.immutable ? draft.kwargs : { ...draft.kwargs, ...kwargs },
    options: mergeOptions(draft.options, options),
  };
}

export function mergeOptions(
  own: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const stamps = Array.isArray(own['stamped_headers']) ? own['stamped_headers'] : [];
  const fixed = new Set<unknown>(['group_id', 'stamped_headers', ...stamps]);
  const merged = { ...own };
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== undefined && !(fixed.has(name) && name in own)) merged[name] = value;
  }
  return merged;
}

/** Options without those named. */
export const omit = (
  options: Readonly<Record<string, unknown>>,
  ...names: readonly string[]
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));
