import type { App } from '../../app/index.js';
import type { Run } from '../runs/run.js';

/** Sends something as part of the run it follows, for whoever watches (tracing). */
export function following<T>(
  { instrumentation }: Pick<App, 'instrumentation'>,
  run: Run,
  send: () => Promise<T>,
): () => Promise<T> {
  return instrumentation === undefined ? send : () => instrumentation.follow(run.request, run.context, send);
}
