import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AsyncResult } from '../../../../src/results/index.js';
import { resultSchemaSql } from '../../../../src/results/postgres/index.js';
import { started, success } from '../../../../src/testing/conformance/result-backends-bench.js';
import { resultDatabase } from './bench.js';

const database = await resultDatabase();
const bare = await resultDatabase('');
const patient = { result_backend_transport_options: { store_retry_seconds: 60 } };

describe('the connection', () => {
  it('loses nothing when it is cut again and again under load', async () => {
    const backend = database.open({ options: patient });
    await backend.connect();
    const ids: string[] = [];
    const stores: Promise<void>[] = [];
    for (let round = 0; round < 40; round += 1) {
      const batch = Array.from({ length: 50 }, () => randomUUID());
      ids.push(...batch);
      for (const id of batch) {
        stores.push(backend.store(started(id)));
        stores.push(backend.store(success(id, { id })));
      }
      const last = stores.at(-1);
      // Cut while they are on their way on even rounds, after they were written on odd ones.
      if (round % 2 === 1) await last;
      await database.cut();
    }
    await Promise.all(stores);
    const metas = await backend.get(ids);
    expect(metas.map((meta) => (meta.result as { id: string }).id)).toEqual(ids);
  });

  it('is opened again by readers', async () => {
    const backend = database.open();
    await backend.connect();
    await backend.store(success('kept', 1));
    for (let round = 0; round < 5; round += 1) {
      await database.cut();
      expect((await backend.get(['kept']))[0]?.result).toBe(1);
    }
  });

  it('listens again after it was cut', async () => {
    const [waiter, writer] = [database.open(), database.open({ options: patient })];
    await waiter.connect();
    const id = randomUUID();
    const value = new AsyncResult(id, { backend: async () => waiter }).get({ timeout: 20 });
    await database.cut();
    await writer.store(success(id, 'told'));
    expect(await value).toBe('told');
    await expect
      .poll(async () => {
        const { rows } = await database.execute(`SELECT query FROM pg_stat_activity
          WHERE application_name = 'workertoolbox' AND datname = current_database() AND pid <> pg_backend_pid()`);
        return rows.length;
      })
      .toBeGreaterThan(0);
  });

  it('is retried within its budget, and says then that the database is away', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const backend = database.open({
      url: url.href,
      options: { result_backend_transport_options: { store_retry_seconds: 0.2 } },
    });
    await expect(backend.connect()).rejects.toMatchObject({ code: 'RESULT_BACKEND_UNREACHABLE' });
    await expect(backend.store(success('x', 1))).rejects.toMatchObject({
      code: 'RESULT_BACKEND_UNREACHABLE',
      message: expect.not.stringContaining(url.password),
    });
  });

  it('gives a locked table up after the statement timeout, and stores when it is free', async () => {
    const backend = database.open({ options: patient });
    await backend.connect();
    await backend.store(success('before', 1));
    // The lock outlives the statement timeout (10 s) of the first try.
    const locked = database.execute(
      'BEGIN; LOCK TABLE celery_taskmeta IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(10.5); COMMIT',
    );
    const storing = backend.store(success('while', 1));
    await locked;
    await storing;
    expect((await backend.get(['while']))[0]?.status).toBe('SUCCESS');
  });
});

describe('what the server refuses', () => {
  it('a wrong password', async () => {
    const role = await database.role();
    const wrong = new URL(role.url);
    wrong.password = 'wrong-secret';
    const backend = database.open({ url: wrong.href });
    const refused = {
      code: 'RESULT_BACKEND_REFUSED',
      fields: expect.objectContaining({ sqlState: '28P01' }),
      message: expect.not.stringContaining('wrong-secret'),
    };
    await expect(backend.connect()).rejects.toMatchObject(refused);
    await expect(backend.store(success('x', 1))).rejects.toMatchObject(refused);
  });

  it('a table that is not there, until it is', async () => {
    const empty = bare;
    const backend = empty.open();
    const refused = { code: 'RESULT_BACKEND_REFUSED', message: expect.stringContaining('migrate') };
    await expect(backend.connect()).rejects.toMatchObject(refused);
    await expect(backend.store(success('x', 1))).rejects.toMatchObject(refused);
    await expect(backend.get(['x'])).rejects.toMatchObject(refused);
    await empty.execute(resultSchemaSql());
    await backend.store(success('x', 1));
    // Dropped and made anew while in use.
    await empty.execute('DROP TABLE celery_taskmeta');
    await expect(backend.store(success('y', 1))).rejects.toMatchObject(refused);
    await empty.execute(resultSchemaSql());
    await backend.store(success('y', 1));
  });

  it('writing while it is read-only', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.execute(`ALTER DATABASE ${name} SET default_transaction_read_only TO on`);
    const backend = database.open();
    await expect(backend.store(success('ro', 1))).rejects.toMatchObject({
      code: 'RESULT_BACKEND_REFUSED',
      fields: { sqlState: '25006' },
    });
    await database.execute(
      'SET default_transaction_read_only TO off',
      `ALTER DATABASE ${name} RESET default_transaction_read_only`,
    );
    await backend.store(success('ro', 1));
    expect((await backend.get(['ro']))[0]?.result).toBe(1);
  });
});

describe('connecting', () => {
  it('ends with the caller’s signal', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const backend = database.open({ url: `postgresql://u:p@127.0.0.1:${port}/n` });
    const reason = new Error('stop');
    const controller = new AbortController();
    const connecting = backend.connect(controller.signal);
    const [socket] = (await once(silent, 'connection')) as [Socket];
    controller.abort(reason);
    await expect(connecting).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
    socket.destroy();
    silent.close();
  });
});

describe('closing', () => {
  it('waits for what is being stored, and refuses more', async () => {
    const backend = database.open();
    const ids = Array.from({ length: 200 }, () => randomUUID());
    const stores = ids.map((id) => backend.store(success(id, 1)));
    await backend.close();
    await Promise.all(stores);
    await expect(backend.store(success('late', 1))).rejects.toMatchObject({ code: 'STATE_INVALID' });
    const metas = await database.open().get(ids);
    expect(metas.every((meta) => meta.status === 'SUCCESS')).toBe(true);
  });
});
