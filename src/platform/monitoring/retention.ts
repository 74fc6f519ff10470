import type { Database } from '../store/database.js';
import { LONG_STEP, SHORT_STEP } from './task-rates.js';

/** Samples older than a day are thinned to one in five minutes; after that what is older than its time goes. */
const CHORES = [
  `DELETE FROM workertoolbox.queue_sample s WHERE s.at < now() - interval '1 day' AND EXISTS (
     SELECT 1 FROM workertoolbox.queue_sample o WHERE o.queue = s.queue AND o.at < s.at
       AND o.at >= to_timestamp(floor(extract(epoch FROM s.at) / ${LONG_STEP}) * ${LONG_STEP}))`,
  `DELETE FROM workertoolbox.queue_sample WHERE at < now() - interval '7 days'`,
  `DELETE FROM workertoolbox.task_rate WHERE step = ${SHORT_STEP} AND at < now() - interval '7 days'`,
  `DELETE FROM workertoolbox.task_rate WHERE step = ${LONG_STEP} AND at < now() - interval '90 days'`,
  `DELETE FROM workertoolbox.worker WHERE heard < now() - interval '1 day'`,
];

export async function forgetOld(database: Database): Promise<void> {
  for (const text of CHORES) await database.query({ text });
}
