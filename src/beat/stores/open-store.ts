import type { App } from '../../app/index.js';
import { maskUrl, ToolboxError } from '../../base/index.js';
import type { EntryStore } from './entry-store.js';
import { fileEntryStore } from './file-store.js';
import { memoryEntryStore } from './memory-store.js';

const CELERY_FILE = 'celery.beat:PersistentScheduler';
const CELERY_MEMORY = 'celery.beat:Scheduler';

/**
 * The store named so: `memory`, `file`, `file:` and a path, or the URL of a PostgreSQL or Redis. By default the setting
 * `beat_scheduler`, which is a file (`beat_schedule_filename`) unless set.
 *
 * @throws CONFIG_INVALID, DRIVER_MISSING
 */
export async function openEntryStore(app: App, named?: string): Promise<EntryStore> {
  const {
    beat_schedule_filename: filename,
    beat_sync_every: syncEvery,
    beat_scheduler: scheduler,
  } = app.conf;
  const { clock, logger, name } = app;
  const store = named ?? scheduler;
  if (store === 'memory' || store === CELERY_MEMORY) return memoryEntryStore({ clock });
  if (store === 'file' || store === CELERY_FILE) return fileEntryStore({ path: filename, syncEvery, clock });
  if (store.startsWith('file:'))
    return fileEntryStore({ path: store.slice('file:'.length), syncEvery, clock });
  if (/^(db\+)?postgres(ql)?(\+\w+)?:\/\//.test(store)) {
    const { PostgresEntryStore } = await import('./postgres-store.js');
    return new PostgresEntryStore({ url: store, app: name, logger });
  }
  if (/^rediss?:\/\//.test(store)) {
    const { redisEntryStore } = await import('./redis-store.js');
    return redisEntryStore({ url: store, app: name, logger });
  }
  throw new ToolboxError(
    'CONFIG_INVALID',
    `beat_scheduler ${JSON.stringify(maskUrl(store))} is no store of schedules: expected memory, file, file:PATH, postgresql://… or redis://…`,
    { fields: { setting: 'beat_scheduler' } },
  );
}
