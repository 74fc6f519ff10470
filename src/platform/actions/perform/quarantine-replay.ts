import type { Post } from '../../outbox/index.js';
import { moveToOutbox, type QuarantinedRow, readQuarantined } from '../../quarantine/index.js';
import type { ActionItem } from '../../views/index.js';
import { derivedId } from '../derived-id.js';
import { refused, skipped } from '../items.js';
import type { Message } from '../outgoing.js';
import type { Performer } from '../performer.js';
import { editedMessage } from './edited-message.js';

/** Sends messages again: as they came, to the queue they came from, or edited, under a new id. */
export const replayQuarantined: Performer<'quarantine.replay'> = async (
  { app, database, outgoing },
  { targets, parameters: { edits }, key },
) => {
  const rows = await readQuarantined(database, targets);
  const items = new Map<string, ActionItem>();
  const messages: Message[] = [];
  for (const id of targets) {
    const sendKey = `${key}:${id}`;
    const newId = edits === undefined ? undefined : derivedId(sendKey);
    const message = {
      key: sendKey,
      target: id,
      newId,
      text: newId ? 'sent edited, under a new id' : 'sent again',
    };
    const row = rows.get(id);
    if (row === undefined) {
      // An interrupted program may have come so far.
      if (await isPosted(sendKey)) messages.push(message);
      else items.set(id, skipped(id, 'is not in quarantine any more'));
      continue;
    }
    if (row.truncated && edits?.body === undefined && edits?.args === undefined) {
      items.set(
        id,
        refused(id, 'only a part of it was kept: it can be replayed with a new body, or discarded'),
      );
      continue;
    }
    const post =
      edits === undefined || newId === undefined
        ? asItCame(row)
        : await editedMessage(app, row, edits, newId);
    if (typeof post === 'string') items.set(id, refused(id, post));
    else if (await moveToOutbox(database, id, { ...post, key: sendKey })) messages.push(message);
    else items.set(id, skipped(id, 'is not in quarantine any more'));
  }
  for (const item of await outgoing.send(messages)) items.set(item.id, item);
  return {
    items: targets.map((id) => items.get(id) ?? skipped(id, 'is not in quarantine any more')),
    detail: {
      replayed: [...rows.values()].map(({ id, queue, code, task_id, task_name }) => ({
        id,
        queue,
        code,
        task_id,
        task_name,
      })),
    },
  };

  async function isPosted(sendKey: string): Promise<boolean> {
    const found = await database.query({
      text: 'SELECT 1 FROM workertoolbox.outbox WHERE key = $1',
      values: [sendKey],
    });
    return found.length > 0;
  }
};

function asItCame({
  id,
  queue,
  task_id,
  task_name,
  headers,
  properties,
  body,
  ...row
}: QuarantinedRow): Post {
  const root = headers.root_id;
  return {
    taskId: task_id ?? `quarantine-${id}`,
    family: typeof root === 'string' ? root : (task_id ?? `quarantine-${id}`),
    ...(task_name !== null && { task: task_name }),
    message: {
      exchange: '',
      routingKey: queue,
      queue,
      content: {
        body,
        headers,
        properties,
        contentType: row.content_type,
        contentEncoding: row.content_encoding,
      },
    },
  };
}
