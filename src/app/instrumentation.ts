import type { TaskContext, TaskRequest } from './task-definition.js';

/** A call on its way. */
export interface PublishedCall {
  readonly task: string;
  readonly id: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly retries: number;
}

/** Code around what an app does: how tracing takes part. Each must call what it is given once, and return its result. */
export interface Instrumentation {
  /** Around a publish; `headers` go with the message. */
  publish<T>(
    call: PublishedCall,
    send: (headers: Readonly<Record<string, unknown>>) => Promise<T>,
  ): Promise<T>;
  /** Around a task's function, where it runs. */
  run<T>(context: TaskContext, run: () => Promise<T>): Promise<T>;
  /** Around the messages that follow a run: callbacks, the chain's next step, a retry. `context` is unknown where it never began. */
  follow<T>(request: TaskRequest, context: TaskContext | undefined, send: () => Promise<T>): Promise<T>;
}
