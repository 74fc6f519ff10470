import { currentTask, type SignatureData } from '../app/index.js';
import { newId } from '../base/index.js';
import { beginChord } from './begin-chord.js';
import { withBodyQueues } from './body-queues.js';
import { type Draft, draftOf, headerOf, kindOf, tasksOf } from './draft.js';
import { freeze, freezeMembers, requiredBody } from './freeze.js';
import { addLink, addLinkError, listOption } from './links.js';
import { type CallParts, mergeOptions, omit } from './merge.js';
import { groupNode, putBefore, type ResultNode, tupleOf } from './result-node.js';
import type { ApplyDraft, Sending } from './sending.js';

/** Options that steer the chord itself and go neither to its body nor to its header. */
const OWN = ['task_id', 'link', 'link_error', 'countdown', 'eta', 'interval', 'max_retries', 'parent_id'];
/** Options of the body alone: what follows, and the group whose member the chord is. */
const BODY_ONLY = ['chain', 'chord', 'group_id', 'group_index'];

/**
 * Tells the result store of the header, or sends `celery.chord_unlock` where it does not end chords; then the header (protocol
 * 8.6); with an empty header the body at once. A countdown or eta holds the header back. The result is the body's.
 */
export async function applyChord(
  sending: Sending,
  draft: Draft,
  parts: CallParts,
  apply: ApplyDraft,
): Promise<ResultNode> {
  const given = mergeOptions(draft.options, parts.options);
  const body = parts.kwargs['body'] ? draftOf(parts.kwargs['body']) : requiredBody(draft);
  const header = headerOf(draft);
  const ids = idsOf(draft, header, body, parts);
  prepareBody(body, given);
  // Whoever ends the chord may know nothing of the task that begins it.
  const rootId = (body.options['root_id'] ?? given['root_id'] ?? currentTask()?.rootId) as string | undefined;
  const { replyTo } = sending.app;
  const result = freeze(body, {
    id: ids.body,
    groupId: kindOf(body) === 'group' ? undefined : ids.group,
    rootId,
    replyTo,
  });
  const members = freezeMembers(header, { groupId: ids.group, chord: body, rootId, replyTo });
  const headerNode = groupNode(ids.group, members);
  putBefore(result, headerNode);
  if (members.length === 0) {
    await apply(sending, body, { args: [[]], kwargs: {}, options: {} });
    return result;
  }
  // Eagerly, what is sent runs at once: it is looked at when it is done.
  const { task_always_eager: eager } = sending.app.conf;
  if (!eager && !(await beginChord(sending, headerNode, body, given)))
    await sendUnlock(sending, body, headerNode, given, apply);
  await apply(sending, header, {
    args: draft.immutable ? draft.args : [...parts.args, ...draft.args],
    kwargs: { ...(draft.kwargs['kwargs'] as object | undefined), ...omit(parts.kwargs, 'body') },
    options: headerOptions(given, ids.group),
  });
  if (eager) await sendUnlock(sending, body, headerNode, { ...given, max_retries: 0 }, apply);
  return result;
}

/**
 * A chord that has been given its ids carries its header's; before that, its `task_id` is the one its body shall have.
 */
function idsOf(
  draft: Draft,
  header: Draft,
  body: Draft,
  { options }: CallParts,
): { group: string; body: string | undefined } {
  const own = draft.options['task_id'] as string | undefined;
  const frozen = body.options['task_id'] !== undefined;
  const group = (header.options['task_id'] as string | undefined) ?? (frozen ? own : undefined) ?? newId();
  return {
    group,
    body: (options['task_id'] as string | undefined) ?? (frozen || own === group ? undefined : own),
  };
}

function prepareBody(body: Draft, given: Readonly<Record<string, unknown>>): void {
  for (const callback of listOption(given, 'link')) addLink(body, callback);
  for (const errback of listOption(given, 'link_error')) addLinkError(body, errback);
  body.options = mergeOptions(body.options, omit(given, ...OWN));
}

function headerOptions(given: Readonly<Record<string, unknown>>, group: string): Record<string, unknown> {
  const { countdown, eta, parent_id } = given;
  return { ...omit(given, ...OWN, ...BODY_ONLY), countdown, eta, parent_id, task_id: group };
}

/**
 * The message that watches the header where the result store cannot. It goes where the body goes: to its queue, or by
 * its route.
 */
async function sendUnlock(
  sending: Sending,
  body: Draft,
  header: ResultNode,
  { interval = null, max_retries = null }: Readonly<Record<string, unknown>>,
  apply: ApplyDraft,
): Promise<void> {
  const { queue, exchange, routing_key, exchange_type, priority = null } = body.options;
  const leader = leadOf(body);
  const own = sending.app.tasks.get(leader.task)?.options;
  const unlock: Draft = {
    task: 'celery.chord_unlock',
    args: [header.id, withBodyQueues(sending.app, body)],
    kwargs: { interval, max_retries, result: (header.children ?? []).map(tupleOf) },
    options: {
      ...withoutNulls({ queue: queue ?? own?.queue, exchange, routing_key, exchange_type }),
      route_name: leader.task,
      countdown: 1,
      ignore_result: true,
      priority,
    },
    subtask_type: null,
    immutable: true,
  };
  await apply({ ...sending, member: true }, unlock, { args: [], kwargs: {}, options: {} });
}

/** The first task of a signature: the one whose route counts for it. */
function leadOf(draft: Draft): Pick<SignatureData, 'task'> {
  const kind = kindOf(draft);
  const [first] =
    kind === 'chain' || kind === 'group' ? tasksOf(draft) : kind === 'chord' ? tasksOf(headerOf(draft)) : [];
  return first === undefined ? draft : leadOf(first);
}

const withoutNulls = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));
