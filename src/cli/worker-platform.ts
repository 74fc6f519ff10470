import { hasCode, type Logger, messageOf } from '../base/index.js';
import type { Database } from '../platform/index.js';
import type { Celery } from '../toolbox/index.js';
import type { Quarantine, WorkerOptions } from '../worker/index.js';

/** What a worker and the platform have to do with each other. */
export interface WorkerPlatform {
  readonly options: WorkerOptions;
  close(): Promise<void>;
}

/**
 * A worker that knows a database obeys what is decided there, and puts into quarantine there what nobody can process.
 * `given`: the URL of `--quarantine`, or true for the database of results: then a message stays in its queue until
 * quarantine has it. By default both are done where the worker's role may, and else messages go to the log.
 */
export async function workerPlatform(
  app: Celery,
  given: string | true | undefined,
): Promise<WorkerPlatform | undefined> {
  const results = app.conf.result_backend ?? app.conf.database_url;
  const url = typeof given === 'string' ? given : results;
  const known = typeof url === 'string' && /^(db\+)?postgres/.test(url);
  if (!known && given === undefined) return undefined;
  const { platformDatabase } = await import('./platform-access.js');
  const { obeyPlatform, postgresQuarantine } = await import('../platform/index.js');
  const database: Database = platformDatabase(app, url ?? undefined);
  const quarantine = spoken(postgresQuarantine(database), app.logger, given !== undefined);
  return {
    options: { quarantine, extensions: [obeyPlatform({ database })] },
    close: () => database.close(),
  };
}

/** What is set aside is also said: the log is where people look first. */
const spoken = (kept: Quarantine, logger: Logger, required: boolean): Quarantine => ({
  put: async (message) => {
    const { queue, code, reason, headers, bytes } = message;
    const facts = { queue, code, reason, task: headers.task, id: headers.id, size: bytes.byteLength };
    try {
      await kept.put(message);
    } catch (error) {
      if (required || !hasCode(error, 'STORE_REFUSED')) throw error;
      logger.error(
        { ...facts, error: messageOf(error) },
        'message set aside: nobody can process it, and quarantine takes nothing from this role',
      );
      return;
    }
    logger.error(facts, 'message set aside in quarantine');
  },
});
