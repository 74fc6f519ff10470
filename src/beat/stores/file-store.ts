import { unwatchFile, watchFile } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Clock, messageOf, systemClock, ToolboxError } from '../../base/index.js';
import { EMPTY, type ScheduleDocument } from './document.js';
import { DocumentStore } from './document-store.js';
import type { EntryStore } from './entry-store.js';
import { withFileLock } from './file-lock.js';

export interface FileStoreOptions {
  /** Celery's `beat_schedule_filename`. */
  readonly path: string;
  /** Changes after which the disk is told to have them for good: `beat_sync_every`. Default 0: by time only. */
  readonly syncEvery?: number;
  readonly clock?: Clock;
}

const SYNC_MS = 180_000;
const LOOK_MS = 1000;

/**
 * Entries in a JSON file of our own, replaced as a whole, for beats of one machine. A change outlives the process at once,
 * and a power cut once it is synced.
 */
export function fileEntryStore({
  path: given,
  syncEvery = 0,
  clock = systemClock,
}: FileStoreOptions): EntryStore {
  const path = resolve(given);
  let changes = 0;
  let synced = Number.NEGATIVE_INFINITY;

  const write = async (document: ScheduleDocument): Promise<void> => {
    changes += 1;
    const sync = clock.monotonic() - synced >= SYNC_MS || (syncEvery > 0 && changes >= syncEvery);
    await replace(path, `${JSON.stringify(document, null, 1)}\n`, sync);
    if (sync) [changes, synced] = [0, clock.monotonic()];
  };

  return new DocumentStore({
    place: path,
    transact: (change) =>
      withFileLock(`${path}.lock`, clock, async () => {
        const known = await read(path);
        const [document, result] = change(known, clock.now());
        if (document !== known) await write(document);
        return result;
      }),
    watch: (onChange) => {
      watchFile(path, { interval: LOOK_MS, persistent: false }, onChange);
      return () => unwatchFile(path, onChange);
    },
    close: async () => undefined,
  });
}

async function read(path: string): Promise<ScheduleDocument> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY;
    throw refused(path, messageOf(error), error);
  }
  try {
    const document = JSON.parse(text) as ScheduleDocument;
    if (document.version === 1 && typeof document.entries === 'object') return document;
  } catch {
    // Python's beat keeps a file of that name as well.
  }
  throw refused(path, 'it is no schedule of ours; give another file, or remove this one');
}

async function replace(path: string, text: string, sync: boolean): Promise<void> {
  const next = `${path}.next`;
  try {
    const file = await open(next, 'w');
    try {
      await file.writeFile(text);
      if (sync) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    throw refused(path, messageOf(error), error);
  }
}

const refused = (path: string, why: string, cause?: unknown): ToolboxError =>
  new ToolboxError('STORE_REFUSED', `schedule file ${path}: ${why}`, { cause, fields: { path } });
