import type { App } from '../../app/index.js';
import { hasCode, messageOf } from '../../base/index.js';
import { builtinTasks } from '../../canvas/index.js';
import { isBroadcast } from '../../messaging/index.js';

export interface SetupOptions {
  /** Reject when a step fails; else failures are logged. Default true. */
  readonly throw?: boolean;
}

/** What `setupApp` needs of an app; `isSetUp` is set when every step succeeded. */
export type SettableApp = App & { isSetUp: boolean };

/**
 * Brings an app in line with the architecture: caps the retries of `celery.chord_unlock` at CHORD_UNLOCK_MAX_RETRIES where
 * they have no end, and declares every queue, so that the platform queue gets its copy of all that is published.
 *
 * Runs by itself when a worker starts (failures are logged) and before a producer's first publish (failures reject it);
 * call it to know at start-up.
 *
 * @throws BROKER_UNREACHABLE, BROKER_REFUSED or CONFIG_INVALID, unless `throw` is false.
 */
export async function setupApp(
  app: SettableApp,
  { throw: rejects = true }: SetupOptions = {},
): Promise<void> {
  const steps: readonly [name: string, run: () => Promise<void> | void][] = [
    ['capChordUnlock', () => capChordUnlock(app)],
    [
      'declareQueues',
      async () => (await app.broker()).declare(app.queues.filter((queue) => !isBroadcast(queue))),
    ],
  ];
  let complete = true;
  for (const [step, run] of steps) {
    try {
      await run();
    } catch (error) {
      if (rejects) throw error;
      complete = false;
      // Whoever is about to connect meets the same, and says so.
      const level = hasCode(error, 'BROKER_UNREACHABLE') ? 'debug' : 'error';
      app.logger[level]({ step, error: messageOf(error) }, 'a step of setting up the app failed');
    }
  }
  if (complete) app.isSetUp = true;
}

/** A chord whose header never ends would be looked at for ever. A cap that somebody set stays. */
function capChordUnlock(app: App): void {
  const cap = app.conf.CHORD_UNLOCK_MAX_RETRIES;
  const known = app.tasks.get(CHORD_UNLOCK);
  if (typeof cap !== 'number' || typeof known?.options.maxRetries === 'number') return;
  const capped = builtinTasks(app, { chordUnlockMaxRetries: cap }).find(({ name }) => name === CHORD_UNLOCK);
  if (capped !== undefined) app.tasks.replace(capped);
}

const CHORD_UNLOCK = 'celery.chord_unlock';
