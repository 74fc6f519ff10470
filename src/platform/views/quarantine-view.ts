import { z } from 'zod';
import { moment, name, pageOf } from './moment.js';

export const quarantineItem = z.object({
  id: z.string(),
  queue: name,
  code: z.string(),
  reason: z.string(),
  taskId: z.string().nullable(),
  taskName: name.nullable(),
  firstSeen: moment,
  lastSeen: moment,
  count: z.int().positive(),
  bytes: z.int().nonnegative(),
  truncated: z.boolean(),
});
export type QuarantineItem = z.infer<typeof quarantineItem>;
export const quarantinePage = pageOf(quarantineItem).extend({
  groups: z.array(z.object({ queue: name, code: z.string(), count: z.int() })),
});
export type QuarantinePage = z.infer<typeof quarantinePage>;

/** With the message as it came: `text` where the body is text, `hex` of its first 4 KiB always. */
export const quarantineDetail = quarantineItem.extend({
  contentType: z.string(),
  contentEncoding: z.string(),
  headers: z.record(z.string(), z.unknown()),
  properties: z.record(z.string(), z.unknown()),
  body: z.object({ text: z.string().nullable(), hex: z.string() }),
});
export type QuarantineDetail = z.infer<typeof quarantineDetail>;
