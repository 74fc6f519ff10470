import { z } from 'zod';

/** ISO 8601 in UTC, milliseconds, as all times are shown to programs. */
export const moment = z.iso.datetime();

/** A name people gave: task, queue, worker. */
export const name = z.string().max(512);

/** A list read in keyset order. `next` is opaque; null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), previous: z.string().nullable() });

/** How many: exact up to 10,000, an estimate of the planner beyond. */
export const count = z.object({ value: z.int().nonnegative(), exact: z.boolean() });
export type Count = z.infer<typeof count>;
