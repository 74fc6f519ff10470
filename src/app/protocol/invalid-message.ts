import { ToolboxError } from '../../base/index.js';

/** Why a message cannot be a task: what quarantine files it under. */
export type InvalidReason =
  | 'envelope'
  | 'unknown_message'
  | 'id'
  | 'task'
  | 'body'
  | 'args'
  | 'kwargs'
  | 'embed'
  | 'retries'
  | 'timelimit'
  | 'eta'
  | 'expires'
  | 'header';

/** What is known of the message so far, for errors. */
export interface MessageSource {
  readonly queue: string;
  readonly task: string | null;
  readonly id: string | null;
}

/** MESSAGE_INVALID naming queue, task and id; `fields.reason` is an {@link InvalidReason}. */
export function invalidMessage(
  source: MessageSource,
  reason: InvalidReason,
  expected: string,
  cause?: unknown,
): ToolboxError {
  const { queue, task, id } = source;
  return new ToolboxError(
    'MESSAGE_INVALID',
    `Message ${id ?? 'without id'} (${task ?? 'no task'}) from queue ${queue} is not a task message: ${expected}`,
    { cause, fields: { reason, queue, task, id } },
  );
}
