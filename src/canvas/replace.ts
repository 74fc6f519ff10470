import type { SignatureData, TaskRequest } from '../app/index.js';
import { ToolboxError } from '../base/index.js';
import { applySignature } from './apply-signature.js';
import { type Draft, draftOf, kindOf, newDraft, tasksOf } from './draft.js';
import { foldChain } from './fold.js';
import { freezeSteps } from './freeze.js';
import type { CanvasResult } from './handle.js';
import { addLink, addLinkError } from './links.js';
import type { CanvasApp } from './sending.js';

/**
 * Sends a signature in place of the running task (protocol 8.8): under its id, with its group, chord, callbacks and
 * errbacks, followed by what was left of its chain.
 *
 * @throws ToolboxError CANVAS_INVALID for a signature that is part of a chord already, or an empty chain; else as `app.send`.
 */
export function replaceTask(
  app: CanvasApp,
  request: TaskRequest,
  signature: SignatureData,
): Promise<CanvasResult> {
  const own = ownSteps(app, request, signature);
  const rest = (request.chain ?? []).toReversed().map(draftOf);
  for (const step of [...own, ...rest]) {
    step.options['replaced_task_nesting'] = request.replacedTaskNesting + 1;
  }
  return applySignature(app, newDraft('chain', { tasks: foldChain([...own, ...rest]) }));
}

/** The steps that stand for the task itself: the last one has its id, its place and what it was linked to. */
function ownSteps(app: CanvasApp, request: TaskRequest, signature: SignatureData): Draft[] {
  if (signature.options['chord']) throw refused(request, 'it must not be part of a chord');
  const steps = foldChain([withOneResult(draftOf(signature))]).map(withOneResult);
  const last = steps.at(-1);
  if (last === undefined) throw refused(request, 'an empty chain does nothing');
  for (const callback of request.callbacks ?? []) addLink(last, callback);
  const onHeader = app.conf.task_allow_error_cb_on_chord_header;
  for (const errback of request.errbacks ?? []) {
    for (const step of steps) addLinkError(step, errback, onHeader);
  }
  // An id of its own would part it from the results that are waited for.
  delete last.options['task_id'];
  freezeSteps(steps, {
    id: request.id,
    groupId: request.groupId ?? undefined,
    groupIndex: request.groupIndex ?? undefined,
    chord: request.chord ?? undefined,
    rootId: request.rootId,
    // Whoever waits for this task waits for what stands for it.
    replyTo: request.replyTo ?? app.replyTo,
  });
  return steps;
}

/** A group has no result of its own to stand for the task's: a body that gives back the list makes one. */
function withOneResult(draft: Draft): Draft {
  if (kindOf(draft) !== 'group') return draft;
  return {
    ...newDraft('chord', { kwargs: {}, header: tasksOf(draft), body: accumulate() }),
    options: draft.options,
  };
}

const accumulate = (): Draft => ({
  task: 'celery.accumulate',
  args: [],
  kwargs: { index: 0 },
  options: {},
  subtask_type: null,
  immutable: false,
});

const refused = ({ task, id }: TaskRequest, why: string): ToolboxError =>
  new ToolboxError('CANVAS_INVALID', `Task ${task} cannot be replaced by this signature: ${why}`, {
    fields: { task, id },
  });
