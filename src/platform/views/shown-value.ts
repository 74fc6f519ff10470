import { z } from 'zod';

/**
 * A foreign value made fit for a page: decoded as data, secrets masked, cut to 64 KiB. `json` holds it where JSON can
 * (bytes, dates, big integers and what Python adds are told by `{"$type": …, "value": …}`), `undecodable` why it could not be read.
 */
export const shownValue = z.object({
  json: z.unknown(),
  /** Of the whole value as stored. */
  bytes: z.int().nonnegative(),
  truncated: z.boolean(),
  undecodable: z.object({ reason: z.string(), hex: z.string() }).nullable(),
});
export type ShownValue = z.infer<typeof shownValue>;
