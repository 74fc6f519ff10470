import type { FaultDial } from '../faults.js';
import type { Input } from '../input.js';
import type { Queue } from '../store/queue.js';
import type { Store } from '../store/store.js';

/** One call of the SQS interface, free of the protocol that brought it. */
export interface Call {
  readonly action: string;
  readonly input: Input;
  readonly store: Store;
  readonly faults: FaultDial;
  /** Aborted when the client has gone away or the server stops. */
  readonly signal: AbortSignal;
  /** The queue that `QueueUrl`, or the path of the request, names. @throws SqsError QueueDoesNotExist, MissingParameter */
  readonly queue: () => Queue;
  /** The URL under which the caller of this request reaches a queue. */
  readonly urlOf: (queueName: string) => string;
  readonly now: () => number;
  /** What to do when the answer could not be handed to the client. */
  readonly onUndelivered: (undo: () => void) => void;
}

/** The answer in the shape of the JSON protocol; the Query protocol renders the same as XML. */
export type Result = Readonly<Record<string, unknown>>;

export type Action = (call: Call) => Result | Promise<Result>;
