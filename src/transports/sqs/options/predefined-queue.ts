import { z } from 'zod';
import { seconds } from './seconds.js';

/** Most seconds SQS hides a message. */
const MAX_HIDDEN_S = 43_200;

export const predefinedQueue = z.strictObject({
  /** Where the queue is. */
  url: z.url(),
  /** Credentials of its own, both or none. They win over those of the URL and over `sts_role_arn`. */
  access_key_id: z.string().min(1).optional(),
  secret_access_key: z.string().min(1).optional(),
  /** Region of its own. */
  region: z.string().min(1).optional(),
  /**
   * Seconds until a message comes again that was not done, by how often it was received:
   * `{ 1: 10, 2: 20, 3: 40 }`. Needs `backoff_tasks`.
   */
  backoff_policy: z
    .record(
      z.string().regex(/^[1-9]\d*$/, { error: 'expected a count of deliveries (1, 2, ...) as the key' }),
      seconds(0, MAX_HIDDEN_S),
    )
    .optional(),
  /** Names of the tasks the policy is for. */
  backoff_tasks: z.array(z.string()).optional(),
});

/** One entry of `predefined_queues`. */
export type PredefinedQueue = z.output<typeof predefinedQueue>;
