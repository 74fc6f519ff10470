import type { Queue } from '../../messaging/index.js';

/**
 * The queue of one caller's replies, addressed by its name. It outlives a lost connection, unlike Python's, which goes with
 * its consumer and takes with it the replies of that moment; the broker removes it when nobody has used it for so long.
 */
export const replyQueue = (name: string, expiresSeconds: number): Queue => ({
  name,
  exchange: { name: '', type: 'direct' },
  routingKey: name,
  durable: true,
  ...(expiresSeconds > 0 && { arguments: { 'x-expires': Math.round(expiresSeconds * 1000) } }),
});
