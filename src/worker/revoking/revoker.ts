import type { TaskMessage } from '../../app/index.js';
import { type Logger, messageOf } from '../../base/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { Outcome } from '../execution/outcome.js';
import { TaskRevokedError } from '../execution/task-errors.js';
import type { Run } from '../runs/run.js';
import type { RunTable } from '../runs/run-table.js';
import { markRevoked } from './mark-revoked.js';
import { bearsStamp, type Revokes, type StampedHeaders } from './revokes.js';

/** How tasks are revoked. */
export interface RevokeOptions {
  /** End the tasks where they run as well. Default false. */
  readonly terminate?: boolean;
  /** What a pool with child processes sends to the child that runs one. Default SIGTERM. */
  readonly signal?: NodeJS.Signals;
  /**
   * Write REVOKED for the ids at once, where nothing but PENDING, RECEIVED, RETRY or REJECTED is stored about them (Celery
   * 5.7). Default true; false when the ids come from another worker, which has done so. Stamps and families are written
   * about only when their tasks come.
   */
  readonly store?: boolean;
}

export interface RevokerOptions {
  readonly revokes: Revokes;
  readonly table: RunTable;
  readonly backend: ResultBackend | undefined;
  /** Resolves when what is revoked is kept safe. */
  readonly save: () => Promise<void>;
  /** Takes a run out of its wait. False when it does not wait. */
  readonly drop: (run: Run) => boolean;
  /** Ends a run that waits. */
  readonly end: (run: Run, outcome: Outcome) => void;
  /** Ends a run that runs. */
  readonly cut: (run: Run, outcome: Outcome, signal: NodeJS.Signals) => void;
  readonly logger: Logger;
}

/**
 * Revokes tasks: those to come and those here that have not begun are discarded; with `terminate` those that run are
 * ended. All that happens at once; the promises resolve when it is on record too, with the tasks that were ended here.
 */
export class Revoker {
  readonly #options: RevokerOptions;

  constructor(options: RevokerOptions) {
    this.#options = options;
  }

  async byId(ids: readonly string[], options: RevokeOptions = {}): Promise<readonly TaskMessage[]> {
    const { revokes, table, backend, logger } = this.#options;
    revokes.add(ids);
    const runs = ids.map((id) => table.get(id)).filter((run) => run !== undefined);
    // What is here is written about when it ends.
    const elsewhere = ids.filter((id) => table.get(id) === undefined);
    const ended = this.#apply(runs, options);
    logger.info({ ids, terminate: options.terminate ?? false }, 'tasks flagged as revoked');
    const marked = options.store === false ? undefined : markRevoked(elsewhere, backend, logger);
    await Promise.all([marked, this.#save()]);
    return ended;
  }

  async byFamily(rootIds: readonly string[], options: RevokeOptions = {}): Promise<readonly TaskMessage[]> {
    const { revokes, table, logger } = this.#options;
    revokes.addFamilies(rootIds);
    const roots = new Set(rootIds);
    const ended = this.#apply(
      table.all().filter(({ message }) => roots.has(message.rootId)),
      options,
    );
    logger.info({ families: rootIds, terminate: options.terminate ?? false }, 'families flagged as revoked');
    await this.#save();
    return ended;
  }

  async byStamp(headers: StampedHeaders, options: RevokeOptions = {}): Promise<readonly TaskMessage[]> {
    const { revokes, table, logger } = this.#options;
    revokes.addStamps(headers);
    const ended = this.#apply(
      table.all().filter(({ message }) => bearsStamp(message, headers)),
      options,
    );
    logger.info({ headers, terminate: options.terminate ?? false }, 'stamped tasks flagged as revoked');
    await this.#save();
    return ended;
  }

  #apply(runs: readonly Run[], { terminate = false, signal }: RevokeOptions): readonly TaskMessage[] {
    const { drop, end, cut } = this.#options;
    const open = runs.filter(({ phase }) => phase !== 'settling' && phase !== 'done');
    for (const run of open) {
      run.revoked = terminate ? 'terminated' : 'revoked';
      if (run.phase === 'running') {
        if (!terminate) continue;
        run.abort(new TaskRevokedError('terminated'));
        cut(run, { kind: 'revoked', why: 'terminated' }, signal ?? 'SIGTERM');
      } else if (drop(run)) end(run, { kind: 'revoked', why: run.revoked });
    }
    return terminate ? open.map(({ message }) => message) : [];
  }

  async #save(): Promise<void> {
    const { save, logger } = this.#options;
    try {
      await save();
    } catch (error) {
      logger.error({ error: messageOf(error) }, 'what is revoked could not be kept in the state file');
    }
  }
}
