import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { CeleryApp } from '../../src/app/index.js';
import { type EntryStore, memoryEntryStore, openEntryStore } from '../../src/beat/index.js';
import { migrate } from '../../src/platform/index.js';
import { exerciseEntryStore } from '../../src/testing/conformance/entry-stores.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRedis } from '../support/redis.js';

const runner = { describe, it };
const folder = await mkdtemp(join(tmpdir(), 'beat-'));
afterAll(() => rm(folder, { recursive: true }));

const open = (name: string, store: string): Promise<EntryStore> =>
  openEntryStore(new CeleryApp(name, { transports: new Map(), backends: new Map() }), store);

const memories = new Map<number, EntryStore>();
exerciseEntryStore('memory', {
  runner,
  create: async (nth) => {
    const store = memories.get(nth) ?? memoryEntryStore();
    memories.set(nth, store);
    return store;
  },
});

exerciseEntryStore('file', { runner, create: (nth) => open('beat', `file:${join(folder, `case-${nth}`)}`) });

const url = await freshDatabase();
const client = new pg.Client({ connectionString: url });
await client.connect();
await migrate(client);
await client.end();
exerciseEntryStore('postgres', { runner, create: (nth) => open(`case ${nth}`, `db+${url}`) });

describeRedis('in Redis', (place) => {
  exerciseEntryStore('redis', { runner, create: (nth) => open(`${place().prefix}${nth}`, place().url) });
});

describe('a schedule file', () => {
  it("that is none of ours, as Python's beat keeps, is refused and left alone", async () => {
    const path = join(folder, 'shelve');
    await writeFile(path, 'not json');
    const store = await open('beat', `file:${path}`);
    await expect(store.load()).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    expect(await readFile(path, 'utf8')).toBe('not json');
  });

  it('is free again when a process died over its lock', async () => {
    const path = join(folder, 'locked');
    await writeFile(`${path}.lock`, '999999999 dead');
    const store = await open('beat', `file:${path}`);
    expect(await store.load()).toEqual([]);
  });
});

describe('entries in PostgreSQL', () => {
  it('written by SQL are heard of, and read with the defaults', async () => {
    const store = await open('sql', url);
    const heard = new Promise<void>((resolve) => void store.watch(resolve));
    await store.load();
    await execute(
      url,
      `INSERT INTO workertoolbox.beat_entry (app, name, task, schedule) VALUES ('sql', 'nightly', 'export.all', '"0 4 * * *"')`,
    );
    await heard;
    expect(await store.load()).toMatchObject([
      { name: 'nightly', source: 'store', cursor: null, pending: null },
    ]);
    await store.close();
  });
});
