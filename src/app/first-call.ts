import { ToolboxError } from '../base/index.js';
import type { Coordination } from '../coordination/index.js';
import type { IdentifiedCall } from './calls.js';
import { callTimes } from './protocol/call-times.js';
import type { RegisteredTask } from './task-definition.js';
import { UNIQUE_KEY_HEADER, uniqueRule } from './unique.js';

export interface FirstCallParts {
  readonly call: IdentifiedCall;
  readonly task: RegisteredTask | undefined;
  readonly coordination: () => Promise<Coordination>;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

/** A call that may be sent, and how to take that back; or the id of the call it repeats. */
export type FirstCall =
  | { readonly call: IdentifiedCall; readonly undo: () => Promise<unknown> }
  | { readonly first: string };

const nothing = (): Promise<unknown> => Promise.resolve();

/**
 * Sees to it that a call of a unique task is the only one. Parts of a workflow are sent in any case, as something waits for
 * them: the worker discards them where they repeat a call that is under way.
 *
 * @throws DUPLICATE_CALL where the task wants that; what `Coordination.acquire` does.
 */
export async function firstCall({ call, task, coordination, now }: FirstCallParts): Promise<FirstCall> {
  const { options } = call;
  const rule = task === undefined ? null : uniqueRule(task);
  // A further attempt is the same call, whose lock the worker keeps.
  if (rule === null || (options.retries ?? 0) > 0 || options.snoozes) return { call, undo: nothing };
  const key = rule.keyOf(call);
  const sent = {
    ...call,
    options: { ...options, headers: { ...options.headers, [UNIQUE_KEY_HEADER]: key } },
  };
  if (rule.while === 'running') return { call: sent, undo: nothing };
  const { task_id: id } = options;
  const lock = rule.lockOf(call, key);
  const locks = await coordination();
  const { delaySeconds } = callTimes(call.task, options, now);
  const answer = await locks.acquire(lock, id, rule.leaseMs + delaySeconds * 1000);
  if (answer.held) return { call: sent, undo: () => locks.release(lock, id) };
  if (isPart(call)) return { call: sent, undo: nothing };
  if (rule.onDuplicate === 'return-first') return { first: answer.holder };
  throw new ToolboxError(
    'DUPLICATE_CALL',
    `task ${call.task}: call ${answer.holder} is the same and not done yet; wait for it, or see the option unique of the task`,
    { fields: { task: call.task, first: answer.holder, key } },
  );
}

const isPart = ({ options: { chain, chord, link, group_id } }: IdentifiedCall): boolean =>
  chain !== undefined || chord !== undefined || link !== undefined || (group_id ?? null) !== null;
