import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resultSchemaSql } from '../../../../src/results/postgres/index.js';
import { started, success } from '../../../../src/testing/conformance/result-backends-bench.js';
import { DJANGO_TABLES } from '../../../support/result-tables.js';
import { resultDatabase } from './bench.js';

const [sqlalchemy, django, other, empty] = [
  await resultDatabase(),
  await resultDatabase(DJANGO_TABLES),
  await resultDatabase(''),
  await resultDatabase(''),
];

const EXTENDED = {
  name: 'export.project',
  args: [1],
  kwargs: { org: 'ä' },
  worker: 'w@h',
  retries: 2,
  queue: 'export',
};

describe('a result table', () => {
  it.each([
    ["SQLAlchemy's", sqlalchemy],
    ["Django's", django],
  ])('%s draws one id for each task, however often it is written', async (_, database) => {
    const backend = database.open();
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (let round = 0; round < 3; round += 1) await Promise.all(ids.map((id) => backend.store(started(id))));
    await Promise.all(ids.map((id) => backend.store(success(id, 1))));
    const { rows } = await database.execute('SELECT last_value::int AS n FROM task_id_sequence');
    expect(rows).toEqual([{ n: 20 }]);
  });

  it.each([
    ['without zone', sqlalchemy],
    ['with zone', django],
  ])('holds the date in UTC, %s, whatever zone the session is in', async (_, database) => {
    const backend = database.open({ clock: stoppedAt('2026-11-23T01:02:03.456Z') });
    await backend.store(success('dated', 1));
    const { rows } = await database.execute(
      `SET TIME ZONE 'UTC'`,
      `SELECT date_done::text AS at FROM celery_taskmeta WHERE task_id = 'dated'`,
    );
    expect(rows[0].at).toMatch(/^2026-11-23 01:02:03\.456/);
    expect((await backend.get(['dated']))[0]?.dateDone?.toISOString()).toBe('2026-11-23T01:02:03.456Z');
  });

  it('may have another name, another schema, an identity column and more columns', async () => {
    await other.execute(
      'CREATE SCHEMA "Odd ""schema"',
      `CREATE TABLE "Odd ""schema"."results of tasks" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        task_id text NOT NULL UNIQUE, status text, result bytea, date_done timestamptz, traceback text, note text DEFAULT 'x')`,
    );
    const backend = other.open({
      options: {
        database_table_schemas: { task: 'Odd "schema' },
        database_table_names: { task: 'results of tasks' },
      },
    });
    await backend.connect();
    expect(backend.capabilities.children).toBe(false);
    await backend.store(started('a'));
    await backend.store(success('a', { ok: true }));
    expect((await backend.get(['a']))[0]?.result).toEqual({ ok: true });
  });

  it('that is none is refused, saying what it lacks', async () => {
    await other.execute(
      'CREATE TABLE celery_taskmeta (id serial PRIMARY KEY, task_id text UNIQUE, status text)',
    );
    await expect(other.open().connect()).rejects.toMatchObject({
      code: 'RESULT_BACKEND_REFUSED',
      message: expect.stringContaining('result, date_done, traceback'),
    });
  });

  it('gets the extended columns only when asked, and only when it has them all', async () => {
    const plain = sqlalchemy.open();
    const extended = sqlalchemy.open({ options: { result_extended: true } });
    await plain.store({ ...success('plain', 1), extended: EXTENDED });
    await extended.store({ ...started('extended'), extended: EXTENDED });
    // A record that does not know them leaves them.
    await extended.store(success('extended', 1));
    const { rows } = await sqlalchemy.execute(
      `SELECT task_id, name, convert_from(args, 'UTF8') AS args, convert_from(kwargs, 'UTF8')::json AS kwargs, worker, retries, queue
       FROM celery_taskmeta WHERE task_id IN ('plain', 'extended') ORDER BY 1`,
    );
    const nothing = { name: null, args: null, kwargs: null, worker: null, retries: null, queue: null };
    expect(rows).toEqual([
      { task_id: 'extended', ...EXTENDED, args: '[1]' },
      { task_id: 'plain', ...nothing },
    ]);
    const onDjango = django.open({ options: { result_extended: true } });
    await onDjango.store({ ...success('extended', 1), extended: EXTENDED });
  });
});

describe('one statement', () => {
  it('is not spoilt by an id, a state or a value that cannot be stored', async () => {
    const backend = sqlalchemy.open();
    const good = Array.from({ length: 5 }, () => randomUUID());
    const bad = [
      success('x'.repeat(156), 1),
      success('nul \u0000', 1),
      { ...success('state', 1), status: 'S'.repeat(51) },
    ];
    const outcomes = await Promise.allSettled(
      [
        ...good.slice(0, 2).map((id) => success(id, 1)),
        ...bad,
        ...good.slice(2).map((id) => success(id, 1)),
      ].map((record) => backend.store(record)),
    );
    const codes = outcomes.map((each) => (each.status === 'rejected' ? each.reason.code : 'stored'));
    expect(codes).toEqual([
      'stored',
      'stored',
      ...bad.map(() => 'ENCODE_FAILED'),
      'stored',
      'stored',
      'stored',
    ]);
    expect((await backend.get(good)).every((meta) => meta.status === 'SUCCESS')).toBe(true);
  });

  it('takes ids of 155 characters that are not of the basic plane', async () => {
    const backend = sqlalchemy.open();
    const id = '\u{1f30d}'.repeat(155);
    await backend.store(success(id, 1));
    expect((await backend.get([id]))[0]?.status).toBe('SUCCESS');
  });

  it('carries results of megabytes', async () => {
    const backend = sqlalchemy.open();
    const values = Array.from({ length: 4 }, (_, n) => `${n}`.repeat(3_000_000));
    await Promise.all(values.map((value, n) => backend.store(success(`big-${n}`, value))));
    const metas = await backend.get(values.map((_, n) => `big-${n}`));
    expect(metas.map((meta) => meta.result)).toEqual(values);
  });

  it('is one for what came in one turn', async () => {
    const backend = sqlalchemy.open();
    await backend.store(success('warm', 1));
    const commits = async (): Promise<number> => {
      // Statistics come late; this view of a table's own transactions does not.
      const { rows } = await sqlalchemy.execute(
        'SELECT count(DISTINCT xmin::text)::int AS n FROM celery_taskmeta',
      );
      return rows[0].n;
    };
    const before = await commits();
    await Promise.all(Array.from({ length: 500 }, (_, n) => backend.store(success(`turn-${n}`, n))));
    expect((await commits()) - before).toBe(1);
  });
});

describe('a row nobody can read', () => {
  it('keeps its state, and does not hide the others', async () => {
    const backend = sqlalchemy.open();
    await backend.store(success('fine', 1));
    await sqlalchemy.execute(
      `INSERT INTO celery_taskmeta (id, task_id, status, result) VALUES (nextval('task_id_sequence'), 'odd', 'SUCCESS', 'not a pickle')`,
    );
    const [odd, fine] = await backend.get(['odd', 'fine']);
    expect(fine?.result).toBe(1);
    expect(odd).toMatchObject({ status: 'SUCCESS', result: null, unreadable: { code: 'DECODE_FAILED' } });
    expect(odd?.unreadable?.message).toContain('odd');
  });
});

describe('resultSchemaSql', () => {
  const describeTables = `SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`;

  it('can be run again, and leaves a table that is there as it is', async () => {
    const before = (await django.execute(describeTables)).rows;
    await django.execute(resultSchemaSql());
    await django.execute(resultSchemaSql());
    expect((await django.execute(describeTables)).rows).toEqual(before);
  });

  it('refuses a table of another kind, and one whose sequence Celery would not find', async () => {
    await expect(other.execute(resultSchemaSql())).rejects.toThrow(/no result table.*date_done/);
    await empty.execute(DJANGO_TABLES.split(';')[0] as string);
    await expect(empty.execute(resultSchemaSql())).rejects.toThrow(/without the sequence/);
  });
});

const stoppedAt = (iso: string) => ({
  now: () => Date.parse(iso),
  monotonic: () => performance.now(),
  sleep: async () => undefined,
  after: () => () => undefined,
});
