import type { App } from '../../app/index.js';
import { ToolboxError } from '../../base/index.js';
import { busOf, isOfBus } from '../../remote/index.js';
import { onlyOneIn } from '../store/only-one.js';
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
}

const SILENCE_SECONDS = 30;
const LOOK_SECONDS = 5;
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
    lookMs: interval * 1000,
    dryRun,
    ...(onLook && { onLook }),
  });
}
