import type { Clock } from '../../base/index.js';
import { noLog } from './journal/log-record.js';
import { Store } from './store/store.js';

/** The queues of a server without the server: for programs that test themselves. Nothing survives them. */
export const inProcessQueues = (clock: Clock): Store =>
  new Store({ clock, log: noLog, arnPrefix: 'arn:aws:sqs:elsewhere:000000000000' });
