import { createRequire } from 'node:module';
import { maskUrl, messageOf, redact } from '../../base/index.js';
import { MIGRATIONS, type SystemView, views } from '../../platform/index.js';
import { CHECKS } from '../../toolbox/index.js';
import type { Services } from '../services.js';
import { route } from './route.js';

const APPLIED = {
  name: 'workertoolbox-applied',
  text: 'SELECT name FROM workertoolbox.migrations ORDER BY name',
};
const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

export const systemRoutes = [
  route({
    method: 'GET',
    path: '/system',
    summary: 'What the installation is made of',
    access: 'operator',
    answer: views.systemView,
    keep: true,
    handle: async ({ services }) => {
      const { app, started, database } = services;
      const applied = (await database.query<{ name: string }>(APPLIED)).map(({ name }) => name);
      return {
        version,
        started: started.toISOString(),
        app: app?.name ?? '',
        servers: await serversOf(services),
        schema: {
          applied: applied.at(-1) ?? null,
          missing: MIGRATIONS.map(({ name }) => name).filter((name) => !applied.includes(name)),
        },
        checks:
          app === undefined ? [] : CHECKS.map(({ name, run }) => ({ name, ...outcomeOf(() => run(app)) })),
        settings: settingsOf(app?.conf ?? {}),
        versions: { node: process.version, workertoolbox: version },
      };
    },
  }),
] as const;

function outcomeOf(run: () => void): { outcome: 'ok' | 'problem'; message: string } {
  try {
    run();
    return { outcome: 'ok', message: '' };
  } catch (error) {
    return { outcome: 'problem', message: messageOf(error) };
  }
}

async function serversOf({ app, database }: Services): Promise<SystemView['servers']> {
  const [row] = await database
    .query<{ version: string }>({ text: 'SHOW server_version', name: 'workertoolbox-version' })
    .then((rows) => rows.map((one) => ({ version: Object.values(one)[0] ?? '' })));
  const servers: SystemView['servers'] = [
    { role: 'database', url: database.url, version: row?.version ?? null, problem: null },
  ];
  if (app === undefined) return servers;
  const problem = await app.broker().then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  servers.unshift({ role: 'broker', url: shown(app.conf.broker_url), version: null, problem });
  if (app.conf.result_backend)
    servers.push({ role: 'results', url: shown(app.conf.result_backend), version: null, problem: null });
  return servers;
}

const shown = (url: string | readonly string[] | null | undefined): string =>
  maskUrl(typeof url === 'string' ? url : (url ?? []).join(';'));

/** What JSON can hold of the settings, secrets masked. */
const settingsOf = (settings: object): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(redact({ ...settings }), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ) as Record<string, unknown>;
