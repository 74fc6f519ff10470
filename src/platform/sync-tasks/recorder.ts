import { hasCode, messageOf, type ToolboxError } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import { type QuarantinedMessage, quarantined } from '../../worker/index.js';
import type { Database } from '../store/database.js';
import { recordTasks } from '../tracking/record-tasks.js';
import type { TaskTable } from '../tracking/task-table.js';
import type { TrackedTask } from '../tracking/tracked-task.js';

/** A delivery that was read: a task to record, or the reason why it is none. */
export type ReadDelivery =
  | { readonly delivery: Delivery; readonly task: TrackedTask }
  | { readonly delivery: Delivery; readonly defect: Pick<QuarantinedMessage, 'code' | 'reason'> };

export interface RecorderParts {
  readonly database: Database;
  readonly table: TaskTable;
  /** Keeps messages of tasks as they came. */
  readonly keep?: ((messages: readonly ReadTask[]) => Promise<void>) | undefined;
  readonly quarantine: { putAll(messages: readonly QuarantinedMessage[]): Promise<void> };
}

export interface Recorded {
  readonly tasks: number;
  readonly quarantined: number;
}

/**
 * Makes a batch durable: tasks in the task table with one statement, everything else in quarantine. A row that the
 * database does not take is found by halving, so that it costs its neighbours nothing.
 *
 * @throws STORE_UNREACHABLE or STORE_REFUSED when the database as a whole is at fault; nothing may be acknowledged then.
 */
export async function recordBatch(parts: RecorderParts, batch: readonly ReadDelivery[]): Promise<Recorded> {
  const tasks = batch.filter((item): item is Extract<ReadDelivery, { task: TrackedTask }> => 'task' in item);
  const bad = batch.flatMap((item) =>
    'defect' in item ? [quarantined(item.delivery, item.defect.code, item.defect.reason)] : [],
  );
  const [refused] = await Promise.all([recordHalving(parts, tasks), parts.keep?.(tasks)]);
  const aside = [...bad, ...refused];
  if (aside.length > 0) await parts.quarantine.putAll(aside);
  return { tasks: tasks.length - refused.length, quarantined: aside.length };
}

export type ReadTask = { readonly delivery: Delivery; readonly task: TrackedTask };

async function recordHalving(
  parts: RecorderParts,
  tasks: readonly ReadTask[],
): Promise<readonly QuarantinedMessage[]> {
  if (tasks.length === 0) return [];
  try {
    await recordTasks(
      parts.database,
      parts.table,
      tasks.map(({ task }) => task),
    );
    return [];
  } catch (error) {
    if (!hasCode(error, 'STORE_REFUSED') || error.fields.data !== true) throw error;
    const [only] = tasks;
    if (tasks.length === 1 && only !== undefined) return recordAlone(parts, only, error);
    const middle = Math.ceil(tasks.length / 2);
    return [
      ...(await recordHalving(parts, tasks.slice(0, middle))),
      ...(await recordHalving(parts, tasks.slice(middle))),
    ];
  }
}

/** A creator or content type that the platform does not know must not cost the record: the option keeps what was said. */
async function recordAlone(
  parts: RecorderParts,
  item: ReadTask,
  error: ToolboxError,
): Promise<readonly QuarantinedMessage[]> {
  if (item.task.creatorId === null && item.task.relatedContentTypeId === null) {
    return [quarantined(item.delivery, 'message', messageOf(error))];
  }
  const task = { ...item.task, creatorId: null, relatedContentTypeId: null };
  return recordHalving(parts, [{ delivery: item.delivery, task }]);
}
