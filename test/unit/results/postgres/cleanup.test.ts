import { expect, test } from 'vitest';
import { silentLogger, systemClock } from '../../../../src/base/index.js';
import { PostgresResultBackend } from '../../../../src/results/postgres/index.js';
import { execute, freshDatabase } from '../../../support/postgres.js';
import { DJANGO_TABLES, SQLALCHEMY_TABLES } from '../../../support/result-tables.js';

test.each([
  ["SQLAlchemy's", SQLALCHEMY_TABLES, 'celery_tasksetmeta'],
  ["Django's", DJANGO_TABLES, undefined],
] as const)(
  'results older than result_expires go from %s tables, the others stay',
  async (_, tables, groups) => {
    const url = await freshDatabase();
    await execute(url, tables);
    const backend = new PostgresResultBackend({
      url: `db+${url}`,
      options: {},
      logger: silentLogger,
      clock: systemClock,
    });
    await backend.connect();
    const stored = (taskId: string) =>
      backend.store({ taskId, status: 'SUCCESS', result: 1, traceback: null });
    await Promise.all(Array.from({ length: 2300 }, (__, n) => stored(`old-${n}`)));
    if (groups !== undefined) await backend.saveGroup({ groupId: 'old', taskIds: ['old-1'] });
    for (const table of ['celery_taskmeta', ...(groups === undefined ? [] : [groups])]) {
      await execute(url, `UPDATE ${table} SET date_done = date_done - interval '2 days'`);
    }
    await stored('new');
    expect(await backend.cleanup(new Date(Date.now() - 86_400_000))).toBe(groups === undefined ? 2300 : 2301);
    const metas = await backend.get(['old-1', 'new']);
    expect(metas.map(({ status }) => status)).toEqual(['PENDING', 'SUCCESS']);
    expect(await backend.cleanup(new Date(Date.now() - 86_400_000))).toBe(0);
    await backend.close();
  },
);
