import { ToolboxError } from '../../base/index.js';
import { Beat, type EntryStore, type ListedEntry, listEntries, openEntryStore } from '../../beat/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom, startAppLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { printJson, table } from '../output.js';
import { runService } from '../run-service.js';

export interface BeatFlags extends GlobalOptions, LogOptions {
  readonly schedule?: string;
  readonly store?: string;
  readonly maxInterval?: number;
  readonly lease: number;
  readonly list?: boolean;
}

export async function runBeat(flags: BeatFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  if (flags.list) return printEntries(app, flags, context);
  const { logger, close } = await startAppLogging(app, flags, context);
  let store: EntryStore | undefined;
  try {
    store = await openBeatStore(app, flags);
    const { maxInterval, lease } = flags;
    const beat = new Beat(app, {
      store,
      leaseMs: lease * 1000,
      ...(maxInterval !== undefined && { maxIntervalMs: maxInterval * 1000 }),
    });
    logger.info({ store: store.place }, 'beat starts');
    await runService(beat, logger, { onReady: () => logger.info({}, 'ready') });
  } finally {
    await Promise.allSettled([store?.close(), app.close()]);
    await close();
  }
}

/** The store the command line names, else the one of the settings. `postgres` is where the results are. */
export function openBeatStore(
  app: Celery,
  { schedule, store }: Pick<BeatFlags, 'schedule' | 'store'>,
): Promise<EntryStore> {
  if (schedule !== undefined) return openEntryStore(app, `file:${schedule}`);
  if (store !== 'postgres') return openEntryStore(app, store);
  const { result_backend: url } = app.conf;
  if (typeof url === 'string') return openEntryStore(app, url);
  throw new ToolboxError(
    'CONFIG_INVALID',
    'no database is known: give --store postgresql://…, or set result_backend',
  );
}

async function printEntries(app: Celery, flags: BeatFlags, context: CliContext): Promise<void> {
  let store: EntryStore | undefined;
  try {
    store = await openBeatStore(app, flags);
    const entries = await listEntries(app, store);
    if (flags.json) printJson(context, entries);
    else context.out.write(`${entries.length === 0 ? 'No entries.' : table([HEAD, ...entries.map(row)])}\n`);
  } finally {
    await Promise.allSettled([store?.close(), app.close()]);
  }
}

const HEAD = ['ENTRY', 'TASK', 'NEXT', 'LAST', 'RUNS', ''];

const row = (entry: ListedEntry): readonly string[] => [
  entry.name,
  entry.task ?? '?',
  entry.next ?? 'never',
  entry.last_run_at ?? 'never',
  String(entry.total_run_count),
  entry.fault ?? (entry.enabled ? '' : 'disabled'),
];
