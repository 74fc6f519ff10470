import { Worker } from 'node:worker_threads';

/** What the code of such a thread has: nothing else, neither imports nor what stands around it. */
export interface InlineScope<Data> {
  readonly data: Data;
  readonly require: NodeJS.Require;
  /** `import()` of a URL. */
  readonly load: (url: string) => Promise<unknown>;
}

/**
 * Starts a thread from a function that stands for itself: it is ready in some 50 ms whether the program is compiled or not, also
 * when this thread does not answer meanwhile. It keeps no process alive. Throws when `data` cannot pass between threads.
 */
export function inlineThread<Data>(
  name: string,
  body: (scope: InlineScope<Data>) => void,
  data: Data,
): Worker {
  // What compiles tests puts names on functions with a helper of its own.
  const code = `const __name = (fn) => fn;
    (${body.toString()})({ data: require('node:worker_threads').workerData, require, load: (url) => import(url) });`;
  const thread = new Worker(code, { eval: true, name, workerData: data });
  thread.unref();
  return thread;
}
