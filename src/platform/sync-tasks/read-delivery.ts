import { type DecodeContext, decodeTaskMessage } from '../../app/index.js';
import { type ErrorCode, messageOf, ToolboxError } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { QuarantineCode } from '../../worker/index.js';
import { trackedTask } from '../tracking/tracked-task.js';
import type { ReadDelivery } from './recorder.js';

const CODES: Partial<Record<ErrorCode, QuarantineCode>> = {
  DECODE_FAILED: 'decode',
  CONTENT_DISALLOWED: 'content-type',
  MESSAGE_INVALID: 'message',
  BUDGET_EXCEEDED: 'budget',
};

/** Reads one message of the platform queue. Never rejects: what is no task is told as a defect. */
export async function readDelivery(delivery: Delivery, context: DecodeContext): Promise<ReadDelivery> {
  try {
    return { delivery, task: trackedTask(await decodeTaskMessage(delivery, context), delivery) };
  } catch (error) {
    const code = (error instanceof ToolboxError ? CODES[error.code] : undefined) ?? 'internal';
    return { delivery, defect: { code, reason: messageOf(error) } };
  }
}
