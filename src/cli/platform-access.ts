import { silentLogger, ToolboxError } from '../base/index.js';
import { type Database, Ledger, postgresDatabase } from '../platform/index.js';
import type { Celery } from '../toolbox/index.js';

/** The platform's database: `--database`, else where the results are. @throws CONFIG_INVALID when neither is known. */
export const platformDatabase = (app: Celery, given: string | undefined): Database =>
  postgresDatabase({ url: platformUrl(app, given), logger: app.logger ?? silentLogger });

/** Its URL. @throws CONFIG_INVALID when none is known. */
export function platformUrl(app: Celery, given: string | undefined): string {
  const url = given ?? app.conf.result_backend;
  if (typeof url === 'string') return url;
  throw new ToolboxError(
    'CONFIG_INVALID',
    'no database is known: give --database postgresql://…, or set result_backend',
  );
}

/** Asks the ledger once and closes everything. */
export async function askLedger<T>(
  app: Celery,
  database: string | undefined,
  ask: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const ledger = new Ledger({ database: platformDatabase(app, database), results: () => app.backend() });
  try {
    return await ask(ledger);
  } finally {
    await Promise.allSettled([ledger.close(), app.close()]);
  }
}
