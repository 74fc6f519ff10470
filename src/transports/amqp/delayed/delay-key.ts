/** Names and routing keys of Celery's native delayed delivery (kombu.transport.native_delayed_delivery). */
const BITS = 28;
/** The word that ends the key of a message meant for one queue alone; ours, beside Celery's keys. */
const ONE_QUEUE = 'workertoolbox_queue';
/** An AMQP short string. */
const LONGEST_KEY = 255;
const PREFIX = /^(?:[01]\.){28}/;
const LEVEL_NAME = /^celery_delayed_\d+$/;

export const MAX_DELAY_SECONDS = 2 ** BITS - 1;
export const TOP_LEVEL = BITS - 1;
export const DELIVERY_EXCHANGE = 'celery_delayed_delivery';

/** Exchange and queue of a level, in which a message waits 2^level seconds. */
export const levelName = (level: number): string => `celery_delayed_${level}`;

/** Where a message begins its way down the levels. */
export const ENTRY_EXCHANGE = levelName(TOP_LEVEL);

/** The key of a message that waits: the seconds as 28 bits, a word each, then the key it is to arrive with. */
export function delayedKey(seconds: number, routingKey: string): string {
  const bits = Math.min(Math.trunc(seconds), MAX_DELAY_SECONDS).toString(2).padStart(BITS, '0');
  return [...bits, routingKey].join('.');
}

/** The key that leads to one queue, whatever its exchange; undefined when AMQP has no room for it. */
export function queueKey(queue: string): string | undefined {
  // One word: no binding of another queue can match it.
  const word = encodeURIComponent(queue).replaceAll('.', '%2E').replaceAll('*', '%2A');
  const key = `${word}.${ONE_QUEUE}`;
  return 2 * BITS + Buffer.byteLength(key) > LONGEST_KEY ? undefined : key;
}

/** How Celery binds a queue with that binding key, so that the key fits behind the bits. */
export const arrivalPattern = (bindingKey: string): string =>
  bindingKey.startsWith('#') ? bindingKey : `#.${bindingKey}`;

/** True for what has waited in a level. */
export const hasWaited = (exchange: string): boolean =>
  exchange === DELIVERY_EXCHANGE || LEVEL_NAME.test(exchange);

/** The key as it was before the wait; undefined for a message that was meant for one queue. */
export function originalKey(routingKey: string): string | undefined {
  const key = routingKey.replace(PREFIX, '');
  return key.endsWith(`.${ONE_QUEUE}`) ? undefined : key;
}
