import type { App } from '../../app/index.js';
import { ToolboxError } from '../../base/index.js';
import { busOf, isOfBus } from '../../remote/index.js';
import { onlyOneIn } from '../store/only-one.js';
import { postgresDatabase } from '../store/postgres-database.js';
import { GapFinder } from './gap-finder.js';
import type { GapWatchOptions } from './gap-watch.js';
import { Listener } from './listener.js';
import { LostTasks } from './lost-tasks.js';
import { Presence } from './presence.js';
import { Reconciler, type ReconcilerOptions } from './reconciler.js';

export interface CreateReconcilerOptions extends Partial<Pick<ReconcilerOptions, 'onLook' | 'dryRun'>> {
  /** URL of the database in which those who run agree on one that acts: the one of the results. */
  readonly database: string;
  /** Seconds without a heartbeat after which a worker counts as gone; three of its heartbeats at least. Default 30. */
  readonly silence?: number;
  /** Seconds between two looks. Default 5. */
  readonly interval?: number;
  /**
   * Also judge tasks whose rows do not say how their message was acknowledged, as Python's workers write them, by the name
   * of their worker: only where every task is acknowledged early. Default false.
   */
  readonly unmarked?: boolean;
  /** Also look for gaps between records, results and queues. Default true. */
  readonly gaps?: boolean;
  /** Seconds after which a task that nobody has heard of is looked for. Default 600. */
  readonly lostAfter?: number;
  /** Seconds between two looks for gaps. Default 60. */
  readonly gapInterval?: number;
  /** Send lost tasks again, under their ids. Default false: they are marked. */
  readonly republish?: boolean;
  readonly onGaps?: GapWatchOptions['onGaps'];
}

const SILENCE_SECONDS = 30;
const LOOK_SECONDS = 5;
const LOST_SECONDS = 600;
const GAP_SECONDS = 60;
/** Looks an echo may be late. */
const LATE_ECHOES = 3;

/**
 * The service that fails tasks whose worker was lost.
 *
 * @throws CONFIG_INVALID when there is no result store that can be asked, or no way to hear the workers.
 */
export async function createReconciler(
  app: App,
  {
    database,
    silence = SILENCE_SECONDS,
    interval = LOOK_SECONDS,
    unmarked = false,
    gaps = true,
    lostAfter = LOST_SECONDS,
    gapInterval = GAP_SECONDS,
    republish = false,
    onGaps,
    dryRun = false,
    onLook,
  }: CreateReconcilerOptions,
): Promise<Reconciler> {
  const backend = await app.backend();
  const bus = await busOf(app);
  if (backend?.started === undefined) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'result_backend: expected a store that can be asked for the tasks that were begun: a PostgreSQL',
      { fields: { setting: 'result_backend' } },
    );
  }
  const presence = new Presence({ silenceMs: silence * 1000, echoMs: LATE_ECHOES * interval * 1000 });
  const logger = app.logger.child({ service: 'reconciler' });
  return new Reconciler({
    listener: new Listener(app, presence),
    presence,
    lost: new LostTasks({
      backend: {
        started: () => backend.started?.() ?? Promise.resolve([]),
        get: (ids) => backend.get(ids),
        store: (record) => backend.store(record),
      },
      presence,
      isHeard: (instance) => isOfBus(app, bus, instance),
      unmarked,
    }),
    onlyOne: onlyOneIn(database, logger, 'reconciler'),
    clock: app.clock,
    logger,
    gaps: gaps ? gapWatch() : undefined,
    lookMs: interval * 1000,
    dryRun,
    ...(onLook && { onLook }),
  });

  function gapWatch(): ReconcilerOptions['gaps'] {
    const store = postgresDatabase({ url: database, logger, connections: 2 });
    const silentMs = lostAfter * 1000;
    return {
      finder: new GapFinder({ app, database: store, logger, silentMs, lateMs: silentMs, republish }),
      everyMs: gapInterval * 1000,
      onGaps,
      close: () => store.close(),
    };
  }
}
