import type { ActionName } from '../views/index.js';
import { discardQuarantined } from './perform/quarantine-discard.js';
import { replayQuarantined } from './perform/quarantine-replay.js';
import { pauseQueues, purgeQueues, resumeQueues } from './perform/queue-actions.js';
import { pauseSchedules, resumeSchedules, triggerSchedules } from './perform/schedule-actions.js';
import { retryTasks } from './perform/task-retry.js';
import { revokeTasks, terminateTasks } from './perform/task-revoke.js';
import {
  changeConsumers,
  changePools,
  drainWorkers,
  limitRates,
  limitTimes,
  shutDownWorkers,
} from './perform/worker-actions.js';
import type { Performer } from './performer.js';

/** Who does what. */
export const PERFORMERS: { readonly [A in ActionName]: Performer<A> } = {
  'task.retry': retryTasks,
  'task.revoke': revokeTasks,
  'task.terminate': terminateTasks,
  'quarantine.replay': replayQuarantined,
  'quarantine.discard': discardQuarantined,
  'queue.pause': pauseQueues,
  'queue.resume': resumeQueues,
  'queue.purge': purgeQueues,
  'worker.drain': drainWorkers,
  'worker.shutdown': shutDownWorkers,
  'worker.pool': changePools,
  'worker.consumer': changeConsumers,
  'worker.rate-limit': limitRates,
  'worker.time-limit': limitTimes,
  'schedule.trigger': triggerSchedules,
  'schedule.pause': pauseSchedules,
  'schedule.resume': resumeSchedules,
};
