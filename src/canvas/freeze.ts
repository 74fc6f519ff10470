import type { SignatureData } from '../app/index.js';
import { newId, ToolboxError } from '../base/index.js';
import { bodyOf, type Draft, headerOf, kindOf, tasksOf } from './draft.js';
import { foldChain } from './fold.js';
import { groupNode, putBefore, type ResultNode, taskNode } from './result-node.js';

/** What a signature is told when it is given its ids (protocol 8.2). Ids it already has stay. */
export interface FreezeOptions {
  readonly id?: string | undefined;
  readonly groupId?: string | undefined;
  readonly groupIndex?: number | undefined;
  /** The body of the chord whose part this is. */
  readonly chord?: SignatureData | undefined;
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
  /** Where replies go. */
  readonly replyTo: string;
}

/** Gives a signature and its members their ids, in place, and returns the result they will have. */
export function freeze(draft: Draft, options: FreezeOptions): ResultNode {
  const kind = kindOf(draft);
  if (kind === 'chain') return freezeChain(draft, options);
  if (kind === 'group') return freezeGroup(draft, options);
  if (kind === 'chord') return freezeChord(draft, options);
  return freezeTask(draft, options);
}

function freezeTask(draft: Draft, frozen: FreezeOptions): ResultNode {
  const { options } = draft;
  const id = (options['task_id'] as string | undefined) ?? frozen.id ?? newId();
  options['task_id'] = id;
  options['reply_to'] ??= frozen.replyTo;
  if (frozen.rootId !== undefined) options['root_id'] = frozen.rootId;
  if (frozen.parentId !== undefined) options['parent_id'] = frozen.parentId;
  setMembership(options, frozen);
  return taskNode(id);
}

function setMembership(
  options: Record<string, unknown>,
  { groupId, groupIndex, chord }: FreezeOptions,
): void {
  if (groupId !== undefined) options['group_id'] ??= groupId;
  if (groupIndex !== undefined) options['group_index'] = groupIndex;
  if (chord !== undefined) options['chord'] = chord;
}

/** The last step is the chain's result: it alone has the chain's id, group and chord. */
function freezeChain(draft: Draft, frozen: FreezeOptions): ResultNode {
  const steps = foldChain(tasksOf(draft));
  draft.kwargs['tasks'] = steps;
  const nodes = freezeSteps(steps, {
    ...frozen,
    id: (draft.options['task_id'] as string | undefined) ?? frozen.id,
  });
  draft.options['task_id'] = nodes.id;
  return nodes;
}

/** Freezes the steps of a chain; the result is that of the last one, with those before it as parents. */
export function freezeSteps(steps: readonly Draft[], frozen: FreezeOptions): ResultNode {
  const last = steps.at(-1);
  if (last === undefined) throw new ToolboxError('CANVAS_INVALID', 'A chain needs at least one task');
  const inner = { rootId: frozen.rootId, replyTo: frozen.replyTo };
  const before = steps.slice(0, -1).map((step) => freeze(step, inner));
  const result = freeze(last, frozen);
  for (const node of before.toReversed()) putBefore(result, node);
  return result;
}

/** Every member gets the group's place and its own index; groups inside are flattened. */
function freezeGroup(draft: Draft, frozen: FreezeOptions): ResultNode {
  const id = (draft.options['task_id'] as string | undefined) ?? frozen.id ?? newId();
  draft.options['task_id'] = id;
  setMembership(draft.options, frozen);
  return groupNode(id, freezeMembers(draft, frozen));
}

/** Flattens a group in place and freezes its members, counted from 0. */
export function freezeMembers(draft: Draft, { id: _, ...frozen }: FreezeOptions): ResultNode[] {
  const members = flatten(draft);
  draft.kwargs['tasks'] = members;
  return members.map((member, groupIndex) => freeze(member, { ...frozen, groupIndex }));
}

/** Nested groups opened, in the order they are written; empty chains have no result and are left out. */
const flatten = (group: Draft): Draft[] =>
  tasksOf(group).flatMap((task) => {
    const kind = kindOf(task);
    if (kind === 'group') return flatten(task);
    return kind === 'chain' && foldChain(tasksOf(task)).length === 0 ? [] : [task];
  });

/** The body is the chord's result. Header tasks learn of their chord when it is sent: every copy here would be a copy more. */
function freezeChord(draft: Draft, frozen: FreezeOptions): ResultNode {
  const result = freeze(requiredBody(draft), frozen);
  const header = headerOf(draft);
  const headerNode = freezeGroup(header, {
    rootId: frozen.rootId,
    parentId: frozen.parentId,
    replyTo: frozen.replyTo,
  });
  draft.kwargs['header'] = header;
  draft.options['task_id'] = headerNode.id;
  putBefore(result, headerNode);
  return result;
}

export function requiredBody(draft: Draft): Draft {
  const body = bodyOf(draft);
  if (body !== undefined) return body;
  throw new ToolboxError(
    'CANVAS_INVALID',
    'A chord needs a body: chord(header, body) or chord(header)(body)',
  );
}
