import type { Delivery, OutgoingMessage } from '../../messaging/index.js';

/** How many processes this message has ended so far, or may have: where the broker does not count deliveries, the message itself does. */
export const CRASHES_HEADER = 'x-worker-lost-count';

export function crashesOf({ headers }: Pick<Delivery, 'headers'>): number {
  const count = headers[CRASHES_HEADER];
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : 0;
}

/** The same message, byte for byte, with another count; it says of itself that it may have been run before. */
export const withCrashes = (
  { body, contentType, contentEncoding, headers, properties }: Delivery,
  count: number,
): OutgoingMessage => ({
  body,
  contentType,
  contentEncoding,
  headers: { ...headers, redelivered: true, [CRASHES_HEADER]: count },
  properties,
});
