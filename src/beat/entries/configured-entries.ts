import type { App } from '../../app/index.js';
import { messageOf } from '../../base/index.js';
import { crontab, localZoneName, zoneOf } from '../schedules/index.js';
import type { Entry } from './entry.js';
import { readEntry } from './read-entry.js';

const CLEANUP = 'celery.backend_cleanup';
const CLEANUP_EXPIRES_SECONDS = 12 * 3600;

/**
 * The entries of `beat_schedule`, and Celery's own: `celery.backend_cleanup` at four, where results expire and their store
 * does not forget by itself.
 *
 * @throws CONFIG_INVALID
 */
export async function configuredEntries(app: App): Promise<ReadonlyMap<string, Entry>> {
  const { beat_schedule: given, result_expires: expires } = app.conf;
  const entries = new Map(Object.entries(given).map(([name, entry]) => [name, readEntry(name, entry)]));
  if (expires !== null && expires > 0 && !entries.has(CLEANUP)) {
    if (await forgetsNothing(app)) {
      const schedule = crontab({ minute: '0', hour: '4' });
      entries.set(
        CLEANUP,
        readEntry(CLEANUP, { task: CLEANUP, schedule, options: { expires: CLEANUP_EXPIRES_SECONDS } }),
      );
    }
  }
  return entries;
}

/** True when the result store has to be told what to forget. */
async function forgetsNothing(app: App): Promise<boolean> {
  try {
    return (await app.backend())?.cleanup !== undefined;
  } catch (error) {
    // Schedules need no results.
    app.logger.warn({ error: messageOf(error), entry: CLEANUP }, 'beat: no result store, no clean-up of it');
    return false;
  }
}

/** The time zone of schedules: `timezone`, else UTC, or the machine's own with `enable_utc` off. @throws CONFIG_INVALID */
export function scheduleZone({ timezone, enable_utc: utc }: App['conf']): string {
  return zoneOf(timezone ?? (utc ? 'UTC' : localZoneName())).name;
}
