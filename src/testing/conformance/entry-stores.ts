import { deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { EntryStore, Lead } from '../../beat/index.js';
import type { TestRunner } from './transports.js';

export interface EntryStoreSuiteOptions {
  /** Opens the same, empty place each time it is called within one case; `nth` differs for each case. The suite closes it. */
  readonly create: (nth: number) => Promise<EntryStore>;
  readonly runner: TestRunner;
}

interface Case {
  readonly name: string;
  readonly run: (store: EntryStore, other: EntryStore) => Promise<void>;
}

const TTL_MS = 400;
const entry = (task: string, every = 30) => ({ task, schedule: every });
const configured = (...names: readonly string[]) =>
  new Map(
    names.map((name) => [
      name,
      {
        task: name,
        schedule: { type: 'interval', every: 30 } as const,
        args: [1, 'ä'],
        kwargs: { nested: { none: null } },
        options: { queue: 'q' },
        enabled: true,
        catch_up: 'once' as const,
        starting_deadline: null,
      },
    ]),
  );

async function leading(store: EntryStore, holder: string): Promise<Lead> {
  const answer = await store.lead(holder, TTL_MS);
  ok(answer.leading, `${holder} leads`);
  return answer;
}

const claimOf = (name: string, was: number | null, cursor: number, taskId?: string) => ({
  name,
  was,
  cursor,
  timezone: 'UTC',
  pending: taskId === undefined ? null : { tick: cursor, taskId },
});

const CASES: readonly Case[] = [
  {
    name: 'gives the lead to one, keeps it while it asks again, and lets it go to the next',
    run: async (store, other) => {
      const first = await leading(store, 'one');
      const refused = await other.lead('two', TTL_MS);
      ok(!refused.leading && refused.freeInMs > 0 && refused.freeInMs <= TTL_MS);
      deepStrictEqual((await leading(store, 'one')).token, first.token);
      await wait(TTL_MS + 50);
      const second = await leading(other, 'two');
      ok(second.token > first.token);
      ok(!(await store.lead('one', TTL_MS)).leading);
      await store.resign(first);
      ok(!(await store.lead('one', TTL_MS)).leading, 'an old lead gives nothing back');
      await other.resign(second);
      ok((await leading(store, 'one')).token > second.token);
    },
  },
  {
    name: 'of many that ask at once one leads',
    run: async (store, other) => {
      const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).lead(`beat ${n}`, 10_000));
      const answers = await Promise.all(asked);
      deepStrictEqual(answers.filter(({ leading: one }) => one).length, 1);
    },
  },
  {
    name: 'takes a claim once, durably, and only from the leader',
    run: async (store, other) => {
      const lead = await leading(store, 'one');
      await store.put('a', entry('msg.a'));
      await store.put('b', entry('msg.b'));
      const due = 1_764_000_000_123;
      const claims = [claimOf('a', null, due, 'id-a'), claimOf('b', null, due), claimOf('gone', null, due)];
      deepStrictEqual(await store.claim(claims, lead), new Set(['a', 'b']));
      deepStrictEqual(await other.claim(claims, lead), new Set());
      const [a, b] = await other.load();
      deepStrictEqual([a?.cursor, a?.pending, a?.timezone], [due, { tick: due, taskId: 'id-a' }, 'UTC']);
      deepStrictEqual([b?.cursor, b?.pending], [due, null]);
      await wait(TTL_MS + 50);
      const next = await leading(other, 'two');
      deepStrictEqual(await store.claim([claimOf('a', due, due + 1)], lead), new Set());
      await store.settle(['id-a'], due + 5, lead);
      ok((await store.load())[0]?.pending, 'an old lead settles nothing');
      await other.settle(['id-a', 'unknown'], due + 5, next);
      const [settled] = await store.load();
      deepStrictEqual([settled?.pending, settled?.lastRunAt, settled?.totalRunCount], [null, due + 5, 1]);
      deepStrictEqual(await other.claim([claimOf('a', due, due + 30_000)], next), new Set(['a']));
    },
  },
  {
    name: 'of claims made at once one holds',
    run: async (store, other) => {
      const lead = await leading(store, 'one');
      await store.put('a', entry('msg.a'));
      const claims = Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? store : other).claim([claimOf('a', null, 1000 + n, `id-${n}`)], lead),
      );
      const held = (await Promise.all(claims)).filter((names) => names.has('a'));
      deepStrictEqual(held.length, 1);
    },
  },
  {
    name: 'makes the entries of the code what they are, keeping progress and the entries added here',
    run: async (store) => {
      const lead = await leading(store, 'one');
      await store.put('own', entry('msg.own'));
      await store.configure(configured('x', 'y'), lead);
      await store.claim([claimOf('x', null, 5000)], lead);
      const names = async () => (await store.load()).map(({ name, source }) => `${name} ${source}`).sort();
      deepStrictEqual(await names(), ['own store', 'x app', 'y app']);
      await store.configure(configured('x', 'z'), lead);
      deepStrictEqual(await names(), ['own store', 'x app', 'z app']);
      const x = (await store.load()).find(({ name }) => name === 'x');
      deepStrictEqual(x?.cursor, 5000);
      deepStrictEqual(x?.definition, { ...configured('x').get('x') });
    },
  },
  {
    name: 'adds, changes and removes entries, tells the others, and refuses what cannot be read',
    run: async (store, other) => {
      let told = 0;
      const unwatch = other.watch(() => void (told += 1));
      const toldAfter = async (change: () => Promise<unknown>): Promise<void> => {
        await wait(50);
        const before = told;
        await change();
        for (let left = 150; told === before; left -= 1) {
          ok(left > 0, 'the other is told within 3 seconds');
          await wait(20);
        }
      };
      await other.load();
      await toldAfter(() => store.put('a', entry('msg.a')));
      const lead = await leading(store, 'one');
      await store.claim([claimOf('a', null, 7000)], lead);
      await toldAfter(() => store.put('a', { ...entry('msg.b'), enabled: false }));
      const [changed] = await other.load();
      deepStrictEqual(changed?.cursor, 7000);
      ok((changed?.definition as { enabled: boolean }).enabled === false);
      await toldAfter(async () => deepStrictEqual(await store.remove('a'), true));
      deepStrictEqual(await store.remove('a'), false);
      deepStrictEqual(await other.load(), []);
      await rejects(store.put('bad', { task: 'msg.a', schedule: '61 * * * *' }), { code: 'CONFIG_INVALID' });
      unwatch();
    },
  },
];

/** Runs the promises of the entry store seam against one adapter. */
export function exerciseEntryStore(name: string, { create, runner }: EntryStoreSuiteOptions): void {
  runner.describe(`entry store ${name}`, () => {
    for (const [nth, one] of CASES.entries()) {
      runner.it(one.name, async () => {
        const [store, other] = [await create(nth), await create(nth)];
        try {
          await one.run(store, other);
        } finally {
          await Promise.all([store.close(), other.close()]);
        }
      });
    }
  });
}
