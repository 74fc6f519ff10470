import type { Logger } from '../../base/index.js';
import { connectionSettings, Session, storeError } from '../../postgres/index.js';

/** Of all who ask on one database, one is the one. */
export interface OnlyOne {
  /** True when it is us, by now or still. */
  ask(): Promise<boolean>;
  close(): Promise<void>;
}

/** The two halves of the key of the lock: `cwtb`, and the reconciler. */
const LOCK = 'SELECT pg_try_advisory_lock(1668773986, 1) AS held';

/**
 * By an advisory lock, which lasts as long as its connection: it must lead to PostgreSQL itself, or to a pooler that keeps
 * sessions.
 */
export function onlyOneIn(url: string, logger: Logger): OnlyOne {
  const settings = connectionSettings(url, 'the database');
  let held = false;
  const session = new Session({
    what: 'database',
    settings,
    logger,
    onLost: () => {
      held = false;
    },
  });
  return {
    async ask() {
      try {
        // Asking shows that the connection is still there; a lock taken twice is one.
        const { rows } = await session.query<{ held: boolean }>({
          text: held ? 'SELECT true AS held' : LOCK,
        });
        held = rows[0]?.held === true;
        return held;
      } catch (error) {
        throw storeError(error, settings.shown);
      }
    },
    close: () => session.close(),
  };
}
