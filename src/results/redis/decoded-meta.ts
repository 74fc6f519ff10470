import { hasCode } from '../../base/index.js';
import { metaFromCelery, unreadableMeta } from '../meta-format.js';
import type { PayloadFormat } from '../payload-format.js';
import type { TaskMeta } from '../result-backend.js';

/** What is stored, read; what nobody can read hides neither other results nor its own state, where that can be seen. */
export async function decodedMeta(
  taskId: string,
  bytes: Uint8Array,
  format: PayloadFormat,
): Promise<TaskMeta> {
  try {
    return metaFromCelery(taskId, await format.decode(bytes));
  } catch (error) {
    if (!hasCode(error, 'DECODE_FAILED') && !hasCode(error, 'BUDGET_EXCEEDED')) throw error;
    const head = Buffer.from(bytes.subarray(0, 80)).toString();
    return unreadableMeta(taskId, error, /^\{"status": ?"([^"\\]*)"/.exec(head)?.[1]);
  }
}
