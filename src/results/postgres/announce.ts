import type pg from 'pg';
import { CHANNEL } from './watcher.js';

/** PostgreSQL takes less than 8000 bytes in one announcement. */
const MAX_BYTES = 7900;

/** Announces that these tasks' rows have changed. */
export function announcement(taskIds: readonly string[]): pg.QueryConfig {
  return {
    name: 'workertoolbox-announce',
    text: `SELECT pg_notify('${CHANNEL}', payload) FROM unnest($1::text[]) AS payload`,
    values: [payloads(taskIds)],
  };
}

/** The ids, one on a line, in as few payloads as they fit. */
export function payloads(taskIds: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let room = 0;
  for (const taskId of taskIds) {
    const bytes = Buffer.byteLength(taskId) + 1;
    if (bytes <= room) {
      lines.push(`${lines.pop()}\n${taskId}`);
      room -= bytes;
    } else {
      lines.push(taskId);
      room = MAX_BYTES - bytes;
    }
  }
  return lines;
}
