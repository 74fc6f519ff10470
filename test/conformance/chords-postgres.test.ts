import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { CeleryApp } from '../../src/app/index.js';
import { type AnySignature, chain, chord, group, signature, taskFactory } from '../../src/canvas/index.js';
import { migrationsSql } from '../../src/platform/index.js';
import {
  createPostgresResultBackend,
  grantChordsSql,
  grantWorkerSql,
} from '../../src/results/postgres/index.js';
import { MemoryHub, memoryTransports } from '../../src/transports/memory/index.js';
import { createWorker, type Worker } from '../../src/worker/index.js';
import { execute, freshDatabase, uniqueName } from '../support/postgres.js';
import { arithmetic, randomCanvases } from '../support/random-canvas.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';

const role = uniqueName('chords');
// The last thing that happens: while its database is there, the role has rights in it.
afterAll(() => execute(inject('postgresUrl'), `DROP ROLE ${role}`));
const admin = await freshDatabase();
const url = new URL(admin);
beforeAll(async () => {
  const database = url.pathname.slice(1);
  await execute(
    admin,
    SQLALCHEMY_TABLES,
    migrationsSql(),
    `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`,
    grantWorkerSql({ role, database }),
    grantChordsSql(role),
  );
  url.username = role;
  url.password = 'secret';
});

/** A system of workers over one broker in memory; what runs is noted. */
function system(settings: Record<string, unknown> = {}) {
  const hub = new MemoryHub();
  const runs: { readonly name: string; readonly id: string }[] = [];
  const make = () => {
    const app = new CeleryApp('chords', {
      transports: new Map([['memory', async () => memoryTransports(hub)]]),
      backends: new Map([['db+postgresql', async () => createPostgresResultBackend]]),
      settings: {
        broker_url: 'memory://',
        result_backend: `db+${url.href}`,
        task_track_started: true,
        ...settings,
      },
    });
    app.signals.on('task_prerun', ({ task: name, id }) => {
      runs.push({ name, id });
    });
    const task = taskFactory(app);
    return {
      app,
      ...arithmetic(app),
      fail: task('wt.fail', () => {
        throw new RangeError('bad');
      }),
      grow: task('wt.grow', { bind: true }, async (self, n: number) => {
        for (const one of [n + 1, n + 2]) await self.addToChord(signature(app, 'wt.add', { args: [one, 0] }));
        return n;
      }),
      silent: task('wt.silent', { ignoreResult: true }, (n: number) => n),
    };
  };
  return { make, runs };
}

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
  await execute(admin, 'TRUNCATE workertoolbox.chord, workertoolbox.chord_keeper');
});

type Made = ReturnType<ReturnType<typeof system>['make']>;
async function started({ app }: Made, options: object = {}): Promise<Worker> {
  const worker = createWorker(app, { concurrency: 4, ...options });
  closing.push(
    () => app.close(),
    () => worker.stop(),
  );
  await worker.start();
  return worker;
}
const result = async (workflow: AnySignature): Promise<unknown> =>
  ((await workflow.applyAsync()) as { get(options: object): Promise<unknown> }).get({ timeout: 20 });
const states = async (): Promise<unknown[]> =>
  (
    await execute(
      admin,
      'SELECT state, count(*)::int AS n FROM workertoolbox.chord GROUP BY state ORDER BY 1',
    )
  ).rows;

describe('chords over PostgreSQL', () => {
  it('end once each, and no message looks for it', async () => {
    const { make, runs } = system();
    const [one, two] = [make(), make()];
    await started(one);
    await started(two);
    const count = 30;
    const values = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        result(
          chord(
            Array.from({ length: 5 }, (__, k) => one.add.s(n, k)),
            one.tsum.s(),
          ),
        ),
      ),
    );
    expect(values).toEqual(Array.from({ length: count }, (_, n) => 5 * n + 10));
    expect(runs.filter(({ name }) => name === 'celery.chord_unlock')).toEqual([]);
    expect(runs.filter(({ name }) => name === 'wt.tsum')).toHaveLength(count);
    expect(await states()).toEqual([{ state: 'ended', n: count }]);
  });

  it('run to the results they should have, however they are nested', async () => {
    const { make, runs } = system();
    const tasks = make();
    await started(tasks, { concurrency: 8 });
    const all = randomCanvases(25, 20261125).map(async ({ build, value }) => {
      const workflow = chain([tasks.add.s(1, 2), build(tasks)]);
      expect(await result(workflow), JSON.stringify(workflow)).toBe(value(3));
    });
    await Promise.all(all);
    const ids = runs.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are watched by message where no keeper is there', async () => {
    const { make, runs } = system();
    const tasks = make();
    const sent = await chord([tasks.add.s(1, 2)], tasks.tsum.s()).applyAsync();
    expect(await states()).toEqual([]);
    const worker = await started(tasks);
    expect(await sent.get({ timeout: 20 })).toBe(3);
    expect(runs.filter(({ name }) => name === 'celery.chord_unlock')).toHaveLength(1);
    const keepers = 'SELECT until > now() AS here FROM workertoolbox.chord_keeper';
    expect((await execute(admin, keepers)).rows).toEqual([{ here: true }]);
    await worker.stop();
    expect((await execute(admin, keepers)).rows).toEqual([]);
  });

  it('wait for what their parts add, which comes after the header', async () => {
    const { make } = system();
    const tasks = make();
    await started(tasks);
    const listed = taskFactory(tasks.app)('wt.listed', (values: number[]) => values);
    expect(await result(chord([tasks.grow.s(10), tasks.add.s(1, 2)], listed.s()))).toEqual([10, 3, 11, 12]);
    const alone = await tasks.grow.delay(1);
    await expect(alone.get({ timeout: 20 })).rejects.toThrow(/not part of a chord/);
  });

  it('end when the last part was stored by someone who does not tell', async () => {
    const { make } = system();
    const tasks = make();
    await started(tasks);
    const away = tasks.add.s(3, 4).set({ queue: 'elsewhere' });
    const sent = await chord([tasks.add.s(1, 2), away], tasks.tsum.s()).applyAsync();
    await expect.poll(states, { timeout: 10_000 }).toEqual([{ state: 'open', n: 1 }]);
    const { rows } = await execute(admin, 'SELECT parts FROM workertoolbox.chord');
    const peer = await createPostgresResultBackend({
      url: `db+${url.href}`,
      options: {},
      logger: tasks.app.logger,
      clock: tasks.app.clock,
    });
    closing.push(() => peer.close());
    await peer.store({ taskId: rows[0].parts[1], status: 'SUCCESS', result: 7, traceback: null });
    expect(await sent.get({ timeout: 15 })).toBe(10);
  });

  it('are ended by another when the claimer has died', async () => {
    const { make, runs } = system();
    const tasks = make();
    const away = tasks.add.s(3, 4).set({ queue: 'elsewhere' });
    const sent = await chord([away], tasks.tsum.s()).applyAsync();
    await started(tasks);
    await expect.poll(states, { timeout: 10_000 }).toEqual([{ state: 'open', n: 1 }]);
    const { rows } = await execute(admin, 'SELECT group_id, parts FROM workertoolbox.chord');
    const { group_id: groupId, parts } = rows[0];
    await execute(
      admin,
      `UPDATE workertoolbox.chord SET state = 'claimed', next_look = now() + interval '1 hour'`,
    );
    const backend = (await tasks.app.backend())!;
    await backend.store({ taskId: parts[0], status: 'SUCCESS', result: 7, traceback: null });
    // As long as the claim holds, it is the claimer's.
    expect(await backend.chords!.claim(groupId)).toBeUndefined();
    await execute(admin, 'UPDATE workertoolbox.chord SET next_look = now()');
    expect(await sent.get({ timeout: 15 })).toBe(7);
    expect(runs.filter(({ name }) => name === 'wt.tsum')).toHaveLength(1);
  });

  it('give a chord to one of many claimers', async () => {
    const { app } = system().make();
    closing.push(() => app.close());
    const backend = (await app.backend())!;
    const chords = backend.chords!;
    const open = {
      groupId: 'g',
      header: [[['p', null], null]],
      body: { task: 'b' },
      parts: ['p'],
      scope: 's',
    };
    await chords.open({ ...open, intervalSeconds: 1, patienceSeconds: null });
    expect(await chords.claim('g')).toBeUndefined();
    await backend.store({ taskId: 'p', status: 'SUCCESS', result: 1, traceback: null });
    const others = await Promise.all(
      Array.from({ length: 8 }, () =>
        createPostgresResultBackend({
          url: `db+${url.href}`,
          options: {},
          logger: app.logger,
          clock: app.clock,
        }),
      ),
    );
    closing.push(() => Promise.all(others.map((other) => other.close())));
    const claims = await Promise.all(others.map((other) => other.chords!.claim('g')));
    expect(claims.filter((claim) => claim !== undefined)).toEqual([
      { groupId: 'g', header: open.header, body: open.body, again: false, late: false },
    ]);
    await chords.ended('g');
    expect(await chords.open({ ...open, intervalSeconds: 1, patienceSeconds: null })).toBe(true);
    expect(await chords.claim('g')).toBeUndefined();
  });

  it('fail with their parts, those around them too, and when a part never comes', async () => {
    const { make } = system();
    const tasks = make();
    await started(tasks);
    const { add, tsum, fail, silent } = tasks;
    const inner = chord([add.s(1, 1), fail.s()], tsum.s() as AnySignature);
    const broken: readonly AnySignature[] = [
      chord([add.s(1, 1), fail.s()] as AnySignature[], tsum.s() as AnySignature),
      chord([add.s(1, 1), chain([fail.s(), add.si(1, 1)])] as AnySignature[], tsum.s() as AnySignature),
      chord([inner, add.s(1, 1)] as AnySignature[], tsum.s() as AnySignature),
    ];
    for (const failing of await Promise.allSettled(broken.map(result))) {
      expect(failing).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('bad') },
      });
    }
    // What a part returns is needed, whatever is thought of its result otherwise.
    expect(await result(chord([silent.s(4), add.s(1, 1)], tsum.s()))).toBe(6);
    const lost = add.s(1, 1).set({ queue: 'elsewhere' });
    const revoked = chord([lost, add.s(1, 1)], tsum.s()).set({ max_retries: 1 });
    await expect(result(revoked)).rejects.toThrow(
      /its header is not done, of [0-9a-f-]{36} there is no result/,
    );
    expect(await result(chain([group(), tsum.si([])]))).toBe(0);
  });
});
