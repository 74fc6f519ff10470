import { ToolboxError } from '../base/index.js';
import { pickleGroupResult, ResultReference } from '../serialization/index.js';
import type { GroupMeta } from './result-backend.js';
import { decodeBytes } from './stored-value.js';

/** A saved group as every Celery reads it: a pickled GroupResult, without the backend (and its password) inside. */
export const encodeGroup = (group: GroupMeta): Uint8Array => pickleGroupResult(group.groupId, group.taskIds);

/** Reads a pickled GroupResult (Celery up to 5.6, and ours) or its tuple in JSON (5.7). Throws DECODE_FAILED. */
export function decodeGroup(groupId: string, bytes: Uint8Array): GroupMeta {
  const value = decodeBytes(bytes);
  if (value instanceof ResultReference) {
    return { groupId, taskIds: value.children.map((child) => child.id) };
  }
  const members = Array.isArray(value) ? (value[1] as unknown) : undefined;
  if (!Array.isArray(members)) {
    throw new ToolboxError('DECODE_FAILED', `What is stored for group ${groupId} is not a group result`, {
      fields: { groupId },
    });
  }
  return { groupId, taskIds: members.map((member) => idOf(member)) };
}

/** The id in a result tuple: `[[id, parent], children]`, or `[id, children]` as old versions wrote it. */
export function idOf(tuple: unknown): string {
  const head = Array.isArray(tuple) ? (tuple[0] as unknown) : tuple;
  const id = Array.isArray(head) ? (head[0] as unknown) : head;
  if (typeof id === 'string') return id;
  throw new ToolboxError('DECODE_FAILED', 'A member of the stored group has no id');
}
