import type { App, TaskCall } from '../../app/index.js';
import { type AnySignature, applySignature, type CanvasApp, type Signature } from '../../canvas/index.js';
import type { AsyncResult } from '../../results/index.js';
import { insertPost, postValues } from './post.js';

/** A connection in whose transaction messages are written: a client of `pg`, or whatever queries like one. */
export interface OutboxClient {
  query(query: { readonly text: string; readonly values: unknown[] }): Promise<unknown>;
}

/** Options of a call under Celery's names. */
type Options = Readonly<Record<string, unknown>>;

/**
 * Sends with the caller's transaction: what is written here is published after the commit, by the relay of `sync-tasks`, to the
 * work queue and the platform queue, or never, when the transaction is rolled back. Messages are made at once, exactly as
 * `app.send` makes them; the handle can be asked for the result at any time.
 */
export interface Outbox {
  /** As `app.send`. */
  send<T = unknown>(call: TaskCall): Promise<AsyncResult<T>>;
  /** As the signature's own `applyAsync`: a task's (`add.s(2, 3)`), or a chain, group or chord. */
  apply<In extends readonly unknown[], Out, Result>(
    signature: Signature<In, Out, Result>,
    options?: Options,
  ): Promise<Result>;
}

export function outbox(app: App, client: OutboxClient): Outbox {
  const send = async <T>(call: TaskCall): Promise<AsyncResult<T>> => {
    const { id, task, rootId, message, destination, queue } = await app.encode(call);
    const { exchange, routingKey } = destination;
    await client.query({
      text: insertPost(),
      values: postValues({
        taskId: id,
        family: rootId,
        task,
        message: { exchange, routingKey, queue: queue?.name, content: message },
      }),
    });
    return app.asyncResult<T>(id);
  };
  const sending: CanvasApp = {
    send,
    tasks: app.tasks,
    conf: app.conf,
    replyTo: app.replyTo,
    clock: app.clock,
    backend: (signal) => app.backend(signal),
    routeOf: (task) => app.routeOf(task),
    chordBackend: (signal) => app.chordBackend(signal),
  };
  return {
    send,
    apply: async <Result>(signature: AnySignature, options: Options = {}) =>
      (await applySignature(sending, signature, { options })) as Result,
  };
}
