import { recordChild, type SignatureData, type TaskCall } from '../app/index.js';
import { newId, ToolboxError } from '../base/index.js';
import { applyChord } from './apply-chord.js';
import { optionsWithBodyQueues } from './body-queues.js';
import { type Draft, draftOf, isEmptyGroup, kindOf, newDraft, tasksOf } from './draft.js';
import { stepsOf } from './fold.js';
import { freezeMembers, freezeSteps } from './freeze.js';
import { listOption } from './links.js';
import { type CallParts, merge, mergeOptions, omit } from './merge.js';
import { groupNode, type ResultNode, taskNode, tupleOf } from './result-node.js';
import type { Sending } from './sending.js';

/** Members of a group that are handed to the broker at a time. */
const AT_A_TIME = 200;

/** Sends any signature; the draft is changed on the way. */
export function applyDraft(sending: Sending, draft: Draft, parts: CallParts): Promise<ResultNode> {
  switch (kindOf(draft)) {
    case 'chain':
      return applyChain(sending, draft, parts);
    case 'group':
      return applyGroup(sending, draft, parts);
    case 'chord':
      return applyChord(sending, draft, parts, applyDraft);
    case 'map':
    case 'starmap':
      return applyMap(sending, draft, parts);
    default:
      return applyTask(sending, draft, parts);
  }
}

async function applyTask(
  { app, signal, member }: Sending,
  draft: Draft,
  parts: CallParts,
): Promise<ResultNode> {
  const { args, kwargs, options } = merge(draft, parts);
  const call: TaskCall = {
    task: draft.task,
    args,
    kwargs,
    options: {
      ...optionsWithBodyQueues(app, options),
      ...(signal && { signal }),
      ...(member === true && { add_to_parent: false }),
    },
  };
  return taskNode((await app.send(call)).id);
}

/** Goes where the inner task goes (protocol 8.7). */
function applyMap(sending: Sending, draft: Draft, { options }: CallParts): Promise<ResultNode> {
  const inner = draft.kwargs['task'] as SignatureData;
  return applyTask(sending, draft, {
    args: [],
    kwargs: {},
    options: { route_name: inner.task, ignore_result: false, ...options },
  });
}

/** The first step is sent with the rest, reversed, in its embed (protocol 8.4). Options given now are the first step's alone. */
async function applyChain(sending: Sending, draft: Draft, parts: CallParts): Promise<ResultNode> {
  const given = mergeOptions(draft.options, parts.options);
  const { task_id, group_id, group_index, chord, root_id, parent_id, chain } = given;
  draft.options = { link: given['link'], link_error: given['link_error'] };
  const steps = stepsOf(draft, () => sending.app.conf.task_allow_error_cb_on_chord_header);
  const result = freezeSteps(steps, {
    id: task_id as string | undefined,
    groupId: group_id as string | undefined,
    groupIndex: group_index as number | undefined,
    chord: chord as SignatureData | undefined,
    rootId: root_id as string | undefined,
    replyTo: sending.app.replyTo,
  });
  const [first, ...rest] = steps as [Draft, ...Draft[]];
  const later = [...listOption({ chain }, 'chain'), ...rest.toReversed()];
  const own = omit(
    given,
    'task_id',
    'group_id',
    'group_index',
    'chord',
    'root_id',
    'link',
    'link_error',
    'chain',
  );
  const options = {
    ...own,
    ...(parent_id !== undefined && { parent_id }),
    ...(later.length > 0 && { chain: later }),
  };
  const args = draft.immutable ? draft.args : [...parts.args, ...draft.args];
  const sent = await applyDraft(sending, first, { args, kwargs: parts.kwargs, options });
  return rest.length === 0 ? sent : result;
}

/** Every member is sent with the group's id and its index; there is no message for the group itself (protocol 8.5). */
async function applyGroup(sending: Sending, draft: Draft, parts: CallParts): Promise<ResultNode> {
  refuseLinks(parts.options);
  const given = mergeOptions(draft.options, parts.options);
  if (listOption(given, 'chain').length > 0) return applyGroupBefore(sending, draft, parts, given);
  const id = (given['task_id'] as string | undefined) ?? newId();
  if (isEmptyGroup(draft)) return groupNode(id, []);
  const nodes = freezeMembers(draft, {
    groupId: id,
    rootId: given['root_id'] as string | undefined,
    replyTo: sending.app.replyTo,
  });
  const options = { ...omit(given, 'task_id', 'group_index'), group_id: id };
  await sendMembers({ ...sending, member: true }, tasksOf(draft), { ...parts, options });
  const [only] = nodes;
  const result = nodes.length === 1 && only?.children ? only : groupNode(id, nodes);
  if (sending.member !== true) recordChild(tupleOf(result));
  return result;
}

/** In order; a failure ends it after those sent along with it. */
export async function sendMembers(
  sending: Sending,
  members: readonly Draft[],
  parts: CallParts,
): Promise<void> {
  for (let at = 0; at < members.length; at += AT_A_TIME) {
    const some = members.slice(at, at + AT_A_TIME);
    const settled = await Promise.allSettled(some.map((member) => applyDraft(sending, member, parts)));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** A group with steps after it is a chord. */
function applyGroupBefore(
  sending: Sending,
  draft: Draft,
  parts: CallParts,
  given: Readonly<Record<string, unknown>>,
): Promise<ResultNode> {
  const steps = listOption(given, 'chain').toReversed().map(draftOf);
  const chain = newDraft('chain', { tasks: [{ ...draft, options: {} }, ...steps] });
  return applyChain(sending, chain, { ...parts, options: omit(given, 'chain') });
}

function refuseLinks(options: Readonly<Record<string, unknown>>): void {
  for (const key of ['link', 'link_error'] as const) {
    if (listOption(options, key).length === 0) continue;
    throw new ToolboxError(
      'CANVAS_INVALID',
      `A group has no ${key} of its own: ${key === 'link' ? 'use a chord' : 'link errors on its tasks'}`,
    );
  }
}
