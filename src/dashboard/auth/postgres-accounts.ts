import { randomBytes } from 'node:crypto';
import type { Database } from '../../platform/index.js';
import type { Account, AccountStore } from './account-store.js';

const LOAD = {
  name: 'workertoolbox-dashboard-accounts',
  text: `SELECT
  (SELECT key FROM workertoolbox.dashboard_key) AS key,
  COALESCE((SELECT jsonb_agg(jsonb_build_object('kind', kind, 'name', name, 'role', role, 'secret', secret,
    'created', to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY kind DESC, name)
    FROM workertoolbox.dashboard_accounts), '[]') AS accounts,
  COALESCE((SELECT jsonb_agg(id) FROM workertoolbox.dashboard_ended_sessions WHERE until > now()), '[]') AS ended`,
};

interface Loaded {
  readonly key: string | null;
  readonly accounts: readonly Account[];
  readonly ended: readonly string[];
}

/** Accounts in the platform's database, tables of `workertoolbox migrate`. */
export function postgresAccounts(database: Database): AccountStore {
  const run = (text: string, values: unknown[]): Promise<readonly Record<string, unknown>[]> =>
    database.query({ text, values });
  const load = async (): Promise<Loaded> => {
    const [row] = await database.query<Loaded>(LOAD);
    return row ?? { key: null, accounts: [], ended: [] };
  };
  return {
    place: database.url,
    load: async () => {
      let { key, accounts, ended } = await load();
      if (key === null) {
        await run('INSERT INTO workertoolbox.dashboard_key (key) VALUES ($1) ON CONFLICT DO NOTHING', [
          randomBytes(32).toString('base64url'),
        ]);
        ({ key, accounts, ended } = await load());
      }
      return { key: key ?? '', accounts, ended: new Set(ended) };
    },
    put: async ({ kind, name, role, secret, created }) => {
      await run(
        `INSERT INTO workertoolbox.dashboard_accounts (kind, name, role, secret, created) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind, name) DO UPDATE SET role = excluded.role, secret = excluded.secret`,
        [kind, name, role, secret, created],
      );
    },
    remove: async (kind, name) => {
      const gone = await run(
        'DELETE FROM workertoolbox.dashboard_accounts WHERE kind = $1 AND name = $2 RETURNING name',
        [kind, name],
      );
      return gone.length > 0;
    },
    endSession: async (id, until) => {
      await run(
        `WITH over AS (DELETE FROM workertoolbox.dashboard_ended_sessions WHERE until <= now())
        INSERT INTO workertoolbox.dashboard_ended_sessions (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        [id, new Date(until)],
      );
    },
  };
}
