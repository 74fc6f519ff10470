import { z } from 'zod';
import { ToolboxError } from '../../base/index.js';

/** A place in an ordered list: behind (or, backward, before) the row with these keys and this id. */
export interface Place {
  readonly keys: readonly string[];
  readonly id: string;
  readonly backward: boolean;
}

const written = z.tuple([z.string(), z.array(z.string()), z.string(), z.boolean()]);

/** `order` is part of it: a cursor of one list is none of another. */
export const writeCursor = (order: string, { keys, id, backward }: Place): string =>
  Buffer.from(JSON.stringify([order, keys, id, backward])).toString('base64url');

/** @throws TASK_ARGUMENTS for what is no cursor of this list */
export function readCursor(order: string, cursor: string): Place {
  try {
    const [given, keys, id, backward] = written.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    if (given === order) return { keys, id, backward };
  } catch {
    // Said below.
  }
  throw new ToolboxError('TASK_ARGUMENTS', `cursor: expected one that this list gave (ordered by ${order})`, {
    fields: { key: 'cursor' },
  });
}
