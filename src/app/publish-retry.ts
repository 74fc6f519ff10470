import { type Clock, hasCode } from '../base/index.js';
import type { CallOptions } from './call-options.js';
import type { Settings } from './settings/index.js';

/**
 * Tries `publish` again while the broker is unreachable, as `task_publish_retry_policy` and the call's own `retry` and
 * `retry_policy` say. The last error is thrown when the attempts are used up.
 */
export async function withPublishRetry(
  publish: () => Promise<void>,
  { retry, retry_policy, signal }: CallOptions,
  settings: Settings,
  clock: Clock,
): Promise<void> {
  const policy = { ...settings.task_publish_retry_policy, ...retry_policy };
  const { max_retries: most = 3, interval_start = 0, interval_step = 0.2, interval_max = 1 } = policy;
  const tries = (retry ?? settings.task_publish_retry) ? (most ?? Number.POSITIVE_INFINITY) : 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await publish();
    } catch (error) {
      if (attempt >= tries || !hasCode(error, 'BROKER_UNREACHABLE')) throw error;
      await clock.sleep(Math.min(interval_max, interval_start + attempt * interval_step) * 1000, signal);
    }
  }
}
