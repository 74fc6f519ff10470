import type { App } from '../app/index.js';
import { AsyncResult, GroupResult } from '../results/index.js';
import type { ResultNode } from './result-node.js';

/** A handle on the result of any signature. */
export type CanvasResult = AsyncResult<unknown> | GroupResult<unknown>;

type ResultApp = Pick<App, 'backend' | 'clock' | 'revokeTasks'>;

/** The handle on a result: a GroupResult for a group's. Parents that are groups are passed over: they have no state of their own. */
export function handleOf(app: ResultApp, node: ResultNode): CanvasResult {
  const parent = taskParent(node);
  const options = {
    backend: (signal?: AbortSignal) => app.backend(signal),
    clock: app.clock,
    revoke: app.revokeTasks,
    ...(parent && { parent: taskHandle(app, parent) }),
  };
  if (node.children === null) return new AsyncResult(node.id, options);
  return new GroupResult(
    node.id,
    node.children.map((child) => taskHandle(app, child)),
    options,
  );
}

// A member that is itself a group (a chain ending in one) is waited for through its id.
const taskHandle = (app: ResultApp, node: ResultNode): AsyncResult<unknown> =>
  handleOf(app, { ...node, children: null }) as AsyncResult<unknown>;

function taskParent({ parent }: ResultNode): ResultNode | null {
  return parent === null || parent.children === null ? parent : taskParent(parent);
}
