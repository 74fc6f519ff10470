import { type DecodeContext, decodeTaskMessage } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import { quarantineCodeOf } from '../../worker/index.js';
import { trackedTask } from '../tracking/tracked-task.js';
import type { ReadDelivery } from './recorder.js';

/** Reads one message of the platform queue. Never rejects: what is no task is told as a defect. */
export async function readDelivery(delivery: Delivery, context: DecodeContext): Promise<ReadDelivery> {
  try {
    return { delivery, task: trackedTask(await decodeTaskMessage(delivery, context), delivery) };
  } catch (error) {
    return { delivery, defect: { code: quarantineCodeOf(error), reason: messageOf(error) } };
  }
}
