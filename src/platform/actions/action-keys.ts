import { createHash } from 'node:crypto';
import { type Clock, newId, ToolboxError } from '../../base/index.js';
import type { Database } from '../store/database.js';
import type { ActionReport } from '../views/index.js';

/** Seconds after which an action without a report counts as interrupted. */
const INTERRUPTED = 60;
const LOOK_MS = 200;
/** How long reports are remembered. */
const REMEMBERED = '24 hours';

/** One row of the audit, as it is begun. */
export interface Begun {
  readonly key: string;
  readonly user: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  readonly count: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

const CLAIM = `
WITH old AS (DELETE FROM workertoolbox.action_key WHERE begun < now() - interval '${REMEMBERED}' AND key <> $1),
claimed AS (
  INSERT INTO workertoolbox.action_key AS known (key, digest, run) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET begun = now(), digest = EXCLUDED.digest, report = NULL,
    run = CASE WHEN known.report IS NULL THEN known.run ELSE EXCLUDED.run END
    WHERE known.begun < now() - interval '${REMEMBERED}'
      OR (known.report IS NULL AND known.digest = EXCLUDED.digest AND known.begun < now() - interval '${INTERRUPTED} seconds')
  RETURNING run
)
INSERT INTO workertoolbox.audit (key, username, role, action, target, count, detail)
SELECT run, $4, $5, $6, $7, $8, $9::jsonb FROM claimed
ON CONFLICT (key) DO UPDATE SET outcome = 'begun' WHERE audit.outcome = 'begun' RETURNING key AS run`;

const FINISH = `
WITH told AS (UPDATE workertoolbox.audit SET outcome = $3, detail = detail || $4::jsonb WHERE key = $1 AND outcome = 'begun')
UPDATE workertoolbox.action_key SET report = $5::jsonb WHERE key = $2`;

/** Sees to it that what is asked for twice under one key is done once, and that the audit has one row for it. */
export class ActionKeys {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Resolves with the name of the run when the action is ours to do (again under the same name, when whoever began it was
   * interrupted), else with the report of the one who did it, which is waited for.
   *
   * @throws ACTION_REFUSED when the key was given for something else, or the other does not end.
   */
  async begin(
    begun: Begun,
    content: unknown,
  ): Promise<{ readonly run: string } | { readonly report: ActionReport }> {
    const digest = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
    const { key, user, role, action, target, count, detail } = begun;
    for (let waited = 0; ; waited += LOOK_MS) {
      const [ours] = await this.#database.query<{ run: string }>({
        text: CLAIM,
        values: [key, digest, newId(), user, role, action, target, count, JSON.stringify(detail)],
      });
      if (ours !== undefined) return ours;
      const [known] = await this.#database.query<{ digest: string; report: ActionReport | null }>({
        text: 'SELECT digest, report FROM workertoolbox.action_key WHERE key = $1',
        values: [key],
      });
      if (known !== undefined && known.digest !== digest) throw reused(action);
      if (known?.report) return { report: known.report };
      if (waited > INTERRUPTED * 1500) throw stuck(action);
      await this.#clock.sleep(LOOK_MS);
    }
  }

  async finish(
    key: string,
    run: string,
    report: ActionReport,
    outcome: string,
    detail: object,
  ): Promise<void> {
    await this.#database.query({
      text: FINISH,
      values: [run, key, outcome, JSON.stringify(detail), JSON.stringify(report)],
    });
  }
}

const reused = (action: string): ToolboxError =>
  new ToolboxError(
    'ACTION_REFUSED',
    `${action}: this idempotency key was used for another request: give every request its own`,
    { fields: { action, reason: 'key' } },
  );

const stuck = (action: string): ToolboxError =>
  new ToolboxError(
    'ACTION_REFUSED',
    `${action}: the same request is still being worked on; ask again later`,
    {
      fields: { action, reason: 'running' },
    },
  );
