import type { SignatureData, TaskContext } from '../app/index.js';

export interface Followups {
  readonly link?: readonly SignatureData[];
  readonly link_error?: readonly SignatureData[];
}

/**
 * Takes over the callbacks of the running task, so that a task which only starts a workflow can hand them to the
 * workflow's last step: `createResult.si(...).set({ ...extractFollowups(task), is_result: true })`. The callbacks are removed
 * from the running task, so they fire once; its errbacks stay, because starting the workflow can fail as well.
 */
export function extractFollowups(task: Pick<TaskContext, 'request'>): Followups {
  const { callbacks, errbacks } = task.request;
  task.request.callbacks = null;
  return {
    ...(callbacks && { link: callbacks }),
    ...(errbacks && { link_error: errbacks }),
  };
}
