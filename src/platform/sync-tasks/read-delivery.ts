import { type DecodeContext, readTaskMessage, type TaskMessage } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import { quarantineCodeOf } from '../../worker/index.js';
import { trackedTask } from '../tracking/tracked-task.js';
import type { ReadDelivery } from './recorder.js';

/**
 * Reads one message of the platform queue, at once where that takes no promise. Neither throws nor rejects: what is no task is
 * told as a defect.
 */
export function readDelivery(
  delivery: Delivery,
  context: DecodeContext,
): ReadDelivery | Promise<ReadDelivery> {
  const defective = (error: unknown): ReadDelivery => ({
    delivery,
    defect: { code: quarantineCodeOf(error), reason: messageOf(error) },
  });
  const tracked = (message: TaskMessage): ReadDelivery => ({
    delivery,
    task: trackedTask(message, delivery),
  });
  try {
    const message = readTaskMessage(delivery, context);
    return message instanceof Promise ? message.then(tracked).catch(defective) : tracked(message);
  } catch (error) {
    return defective(error);
  }
}
