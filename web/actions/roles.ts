import type { ACTIONS, ActionName } from '../../src/platform/views/index.js';

/** Who may do what, as the server has it: the compiler holds the two together. */
export const ROLE_OF: { readonly [Name in ActionName]: (typeof ACTIONS)[Name] } = {
  'task.retry': 'operator',
  'task.revoke': 'operator',
  'task.terminate': 'admin',
  'quarantine.replay': 'operator',
  'quarantine.discard': 'operator',
  'queue.pause': 'operator',
  'queue.resume': 'operator',
  'queue.purge': 'admin',
  'worker.drain': 'operator',
  'worker.shutdown': 'admin',
  'worker.pool': 'admin',
  'worker.consumer': 'operator',
  'worker.rate-limit': 'operator',
  'worker.time-limit': 'operator',
  'schedule.trigger': 'operator',
  'schedule.pause': 'operator',
  'schedule.resume': 'operator',
};
