import { createHash } from 'node:crypto';
import type { App } from '../app/index.js';
import { newId } from '../base/index.js';
import type { Bus } from '../bus/index.js';

/**
 * A name for one start of a worker: another one than any that had its node name or process id before. It begins with what
 * tells its bus from others, so that nobody takes a worker for dead that he cannot hear.
 */
export const newInstance = (app: App, bus: Bus): string => `${busOfApp(app, bus)}.${newId()}`;

/** True for workers whose heartbeats come by this bus. */
export const isOfBus = (app: App, bus: Bus, instance: string): boolean =>
  instance.startsWith(`${busOfApp(app, bus)}.`);

/** The same for all who hear one another. Who logs in is no part of it. */
function busOfApp({ conf }: App, bus: Bus): string {
  const place = bus.url.replaceAll(/\/\/[^/@]*@/g, '//');
  const prefix = (conf.broker_transport_options as Record<string, unknown>).global_keyprefix ?? '';
  return createHash('sha256')
    .update(JSON.stringify([place, conf.event_exchange, prefix]))
    .digest('hex')
    .slice(0, 8);
}
