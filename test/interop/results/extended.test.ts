import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../../src/base/index.js';
import { celery57ColumnSql, PostgresResultBackend } from '../../../src/results/postgres/index.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { SQLALCHEMY_TABLES } from '../../support/result-tables.js';
import { startCeleryPeer } from './celery-peer.js';

const python = celeryPython();
if (python === undefined && process.env.CI) throw new Error(NO_PYTHON);

const CALL = { name: 'py.name', args: [1, 'a'], kwargs: { b: 2 }, worker: 'w@h', retries: 3, queue: 'q' };

describe.skipIf(python === undefined)(`result_extended ${python ? '' : `(${NO_PYTHON})`}`, () => {
  it.each(['json', 'pickle'])(
    'of a call in a database, written in %s: each reads what the other stored',
    async (serializer) => {
      const url = await freshDatabase();
      await execute(url, SQLALCHEMY_TABLES, celery57ColumnSql());
      const peer = startCeleryPeer(url, serializer, true);
      const backend = new PostgresResultBackend({
        url: `db+${url}`,
        options: { result_extended: true, result_serializer: serializer },
        logger: silentLogger,
        clock: systemClock,
      });
      await backend.connect();
      try {
        const [its, ours, plain] = [randomUUID(), randomUUID(), randomUUID()];
        await peer.storeExtended(its);
        await backend.store({ taskId: ours, status: 'SUCCESS', result: 1, traceback: null, extended: CALL });
        await backend.store({ taskId: plain, status: 'SUCCESS', result: 1, traceback: null });
        const metas = await backend.get([its, ours, plain]);
        expect(metas.map(({ extended }) => extended)).toEqual([CALL, CALL, undefined]);
        expect(await peer.extended(ours)).toEqual(Object.values(CALL));
        expect(await peer.extended(its)).toEqual(Object.values(CALL));
      } finally {
        await backend.close();
        await peer.stop();
      }
    },
  );
});
