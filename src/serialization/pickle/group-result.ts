import { PickleEmitter } from './emitter.js';
import { OP } from './opcodes.js';

/**
 * The row Python's `GroupResult.restore` reads from `celery_tasksetmeta`: a GroupResult with its members and no backend
 * (Python's own form carries the URL of the result store, password included).
 */
export function pickleGroupResult(groupId: string, taskIds: readonly string[]): Uint8Array {
  const out = new PickleEmitter(4);
  out.global('celery.app.base', '_unpickle_appattr');
  out.text('GroupResult');
  out.text(groupId);
  out.op(OP.EMPTY_LIST);
  out.op(OP.MARK);
  for (const taskId of taskIds) writeMember(out, taskId);
  out.op(OP.APPENDS);
  out.op(OP.TUPLE2);
  out.op(OP.TUPLE2);
  out.op(OP.REDUCE);
  return out.finish();
}

/** AsyncResult(id, backend, task name, app, parent), all but the id left to the reading app. */
function writeMember(out: PickleEmitter, taskId: string): void {
  out.global('celery.app.base', '_unpickle_appattr');
  out.text('AsyncResult');
  out.op(OP.MARK);
  out.text(taskId);
  for (let left = 4; left > 0; left -= 1) out.op(OP.NONE);
  out.op(OP.TUPLE);
  out.op(OP.TUPLE2);
  out.op(OP.REDUCE);
}
