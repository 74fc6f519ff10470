import type { Logger } from '../../base/index.js';
import { connectionSettings, Session, storeError } from '../../postgres/index.js';

/** Of all who ask on one database, one is the one. */
export interface OnlyOne {
  /** True when it is us, by now or still. */
  ask(): Promise<boolean>;
  close(): Promise<void>;
}

/** Second halves of the keys of the locks, by what is done under them; the first is `cwtb`. */
const LOCKS = { reconciler: 1, monitor: 2, retention: 3 } as const;

/**
 * By an advisory lock, which lasts as long as its connection: it must lead to PostgreSQL itself, or to a pooler that keeps
 * sessions.
 */
export function onlyOneIn(url: string, logger: Logger, what: keyof typeof LOCKS): OnlyOne {
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
          text: held
            ? 'SELECT true AS held'
            : `SELECT pg_try_advisory_lock(1668773986, ${LOCKS[what]}) AS held`,
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
