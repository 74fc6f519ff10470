/** The channel every table of the bus is announced on. */
export const CHANNEL = 'workertoolbox_bus';

/** What an announcement says: which table has something new; replies name whom they are for. */
export const announced = {
  command: 'command',
  event: 'event',
  reply: (replyTo: string): string => `reply:${replyTo}`,
} as const;
