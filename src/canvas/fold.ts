import { bodyOf, type Draft, draftOf, isEmptyGroup, kindOf, newDraft, tasksOf } from './draft.js';
import { addLink, addLinkError, listOption } from './links.js';

/** Whether errbacks of chords go to their headers too; asked only where there are some, because it needs the settings. */
export type OnHeader = () => boolean;
const never: OnHeader = () => false;

/**
 * Puts a chain's steps into the form that can be sent (protocol 8.4): chains inside are spliced, groups of one are their
 * task, empty groups are left out, a group followed by a step becomes a chord, a step after a chord joins its body.
 */
export function foldChain(tasks: readonly Draft[], onHeader: OnHeader = never): Draft[] {
  const flat = tasks.flatMap((task) => splice(task, onHeader));
  const steps: Draft[] = [];
  for (const step of flat.filter((task) => !isEmptyGroup(task))) addStep(steps, step);
  // A chain of nothing but empty groups is one empty group, which has a result: the empty list.
  return steps.length === 0 ? flat.slice(0, 1) : steps;
}

function addStep(steps: Draft[], step: Draft): void {
  const last = steps.at(-1);
  const kind = last === undefined ? 'task' : kindOf(last);
  if (last !== undefined && kind === 'group') {
    steps[steps.length - 1] = newDraft('chord', { kwargs: {}, header: tasksOf(last), body: step });
    return;
  }
  const body = last !== undefined && kind === 'chord' ? bodyOf(last) : undefined;
  if (last !== undefined && body !== undefined && kindOf(step) !== 'chord')
    last.kwargs['body'] = join(body, step);
  else steps.push(step);
}

/** Two signatures as one: the second runs after the first. */
function join(first: Draft, second: Draft): Draft {
  const steps = foldChain([first, second]);
  const [only] = steps;
  return steps.length === 1 && only !== undefined ? only : newDraft('chain', { tasks: steps });
}

/** A chain's steps with the chain's own callbacks on its last one, its errbacks on each. */
export function stepsOf(chain: Draft, onHeader: OnHeader): Draft[] {
  const steps = foldChain(tasksOf(chain), onHeader);
  const last = steps.at(-1);
  if (last !== undefined) for (const callback of listOption(chain.options, 'link')) addLink(last, callback);
  for (const errback of listOption(chain.options, 'link_error')) {
    for (const step of steps) addLinkError(step, errback, onHeader());
  }
  return steps;
}

function splice(task: Draft, onHeader: OnHeader): Draft[] {
  const kind = kindOf(task);
  if (kind === 'chain') return stepsOf(task, onHeader);
  const [only] = kind === 'group' ? tasksOf(task) : [];
  return only !== undefined && tasksOf(task).length === 1 ? splice(only, onHeader) : [task];
}

/** A chain of copies of the given signatures: the task itself when only one is left. */
export function chainOf(tasks: readonly unknown[], onHeader: OnHeader): Draft {
  const steps = foldChain(tasks.map(draftOf), onHeader);
  const [only] = steps;
  return steps.length === 1 && only !== undefined ? only : newDraft('chain', { tasks: steps });
}
