import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/base/index.js';
import { startSqsServer } from '../../../../src/embedded/sqs/index.js';
import { Journal } from '../../../../src/embedded/sqs/journal/journal.js';
import { Store } from '../../../../src/embedded/sqs/store/store.js';
import { ManualClock } from './support/manual-clock.js';
import { dataFolder } from './support/server-process.js';
import { testServer } from './support/test-server.js';

const FILE = 'journal.log';

function open(
  folder: string,
  clock = new ManualClock(),
  durability: 'write' | 'fsync' = 'write',
): { journal: Journal; store: Store } {
  const { journal, image } = Journal.open({ folder, durability, logger: silentLogger });
  const store = new Store({ clock, log: journal, arnPrefix: 'arn:aws:sqs:us-east-1:000000000000' });
  image.restore(store);
  return { journal, store };
}

/** Everything a store knows, as text that can be compared. */
const everything = (store: Store): string[] =>
  [...store.records()].map((record) => JSON.stringify(record, sortedKeys)).sort();

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** One of the things that happen to a queue; `n` chooses. */
function disturb(store: Store, clock: ManualClock, n: number): void {
  const name = n % 3 === 0 ? 'family.fifo' : 'tasks';
  const queue = store.create(name, name === 'tasks' ? {} : { FifoQueue: 'true' }, {});
  const held = [...queue.stock.messages.values()].filter(({ state }) => state === 'held');
  const one = held[n % Math.max(1, held.length)];
  switch (Math.floor(n / 3) % 8) {
    case 0:
    case 1:
    case 2:
      queue.send({ body: `body ${n}`, groupId: `g${n % 4}`, deduplicationId: `d${n % 50}` });
      break;
    case 3:
      queue.receive({ max: 3, visibilityMs: 5000 });
      break;
    case 4:
      if (one !== undefined) queue.delete(one);
      break;
    case 5:
      if (one !== undefined) queue.extend(one, n % 2 === 0 ? 0 : 60_000);
      break;
    case 6:
      if (n % 40 === 0) queue.purge();
      else if (n % 41 === 0) store.delete(queue);
      else queue.change({ tags: { n: `${n}` } });
      break;
    default:
      void clock.advance(n % 2000);
  }
}

describe('the journal', () => {
  it('brings back queues, messages, leases, delays, receive counts, group locks and deduplication', async () => {
    const dataDir = await dataFolder();
    const first = await testServer({ dataDir });
    const { clock } = first;
    const tasks = await first.queue('tasks', { VisibilityTimeout: '20' });
    await tasks.send('held', {
      MessageAttributes: { a: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } },
    });
    const [held] = await tasks.receive();
    await tasks.send('delayed', { DelaySeconds: 60 });
    await tasks.send('visible');
    const family = await first.queue('family.fifo', { ContentBasedDeduplication: 'true' });
    for (const body of ['a0', 'a1']) await family.send(body, { MessageGroupId: 'a' });
    const sent = await family.send('b0', { MessageGroupId: 'b' });
    await family.receive({ MaxNumberOfMessages: 1 });
    await first.server.close();

    const server = await startSqsServer({ dataDir, clock, port: 0 });
    await server.close();
    const second = await testServer({ dataDir, clock });
    const tasks2 = await second.queue('tasks', { VisibilityTimeout: '20' });
    const family2 = await second.queue('family.fifo', { ContentBasedDeduplication: 'true' });
    expect(await tasks2.counts()).toEqual([1, 1, 1]);
    expect(await tasks2.bodies()).toEqual(['visible']);
    await tasks2.delete(held!);
    await clock.advance(60_000);
    expect((await tasks2.bodies()).sort()).toEqual(['delayed', 'visible']);
    const repeat = await family2.send('b0', { MessageGroupId: 'b' });
    expect(repeat.MessageId).toBe(sent.MessageId);
    expect(await family2.bodies()).toEqual(['b0', 'a0', 'a1']);
    const next = await family2.send('new', { MessageGroupId: 'c' });
    expect(next.SequenceNumber! > sent.SequenceNumber!).toBe(true);
  });

  it('takes no notice of a record that was cut anywhere', async () => {
    const folder = await dataFolder();
    const first = open(folder);
    const queue = first.store.create('tasks', {}, {});
    queue.send({ body: 'whole' });
    await first.journal.flushed();
    const { size } = await stat(join(folder, FILE));
    const before = everything(first.store);
    queue.send({ body: 'cut \u00e9\n' });
    await first.journal.close();
    const bytes = await readFile(join(folder, FILE));
    for (let length = size; length < bytes.length; length += length < size + 12 ? 1 : 17) {
      await writeFile(join(folder, FILE), bytes.subarray(0, length));
      const { journal, store } = open(folder);
      expect(everything(store)).toEqual(before);
      store.queue('tasks').send({ body: 'after' });
      await journal.close();
      const again = open(folder);
      expect([...again.store.queue('tasks').stock.messages.values()].map(({ body }) => body)).toEqual([
        'whole',
        'after',
      ]);
      await again.journal.close();
    }
  });

  it('refuses to start over damage that whole records follow', async () => {
    const folder = await dataFolder();
    const { journal, store } = open(folder);
    const queue = store.create('tasks', {}, {});
    for (const body of ['one', 'two']) queue.send({ body });
    await journal.close();
    const text = await readFile(join(folder, FILE), 'utf8');
    await writeFile(join(folder, FILE), text.replace('"one"', '"0ne"'));
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'EMBEDDED_FAILED' }));
    await writeFile(join(folder, FILE), text);
    const again = open(folder);
    expect(again.store.queue('tasks').stock.messages.size).toBe(2);
    await again.journal.close();
  });

  it('says after a restart what it said before, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 300 }), async (numbers) => {
        const folder = await dataFolder();
        const clock = new ManualClock();
        const first = open(folder, clock);
        for (const n of numbers) disturb(first.store, clock, n);
        const before = everything(first.store);
        await first.journal.close();
        const second = open(folder, clock);
        const after = everything(second.store);
        await second.journal.close();
        // A number that was given and is not in use any more may be given again.
        const known = (line: string): boolean => !line.startsWith('["next"');
        expect(after.filter(known)).toEqual(before.filter(known));
      }),
      { numRuns: 40 },
    );
  });

  it('can be rewritten while calls go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(100_000), { minLength: 50, maxLength: 200 }),
        fc.constantFrom('write' as const, 'fsync' as const),
        async (numbers, durability) => {
          const folder = await dataFolder();
          const clock = new ManualClock();
          const first = open(folder, clock, durability);
          const queue = first.store.create('tasks', {}, {});
          for (let i = 0; i < 3000; i += 1) queue.send({ body: `${i}` });
          for (let i = 0; i < 1000; i += 1)
            for (const message of queue.receive({ max: 2, visibilityMs: 1 })) queue.delete(message);
          await first.journal.flushed();
          const { size } = await stat(join(folder, FILE));
          const compacted = first.journal.compact(() => first.store.records());
          for (const [i, n] of numbers.entries()) {
            disturb(first.store, clock, n);
            if (i % 40 === 0) await first.journal.flushed();
          }
          await compacted;
          disturb(first.store, clock, 1);
          const before = everything(first.store);
          await first.journal.close();
          expect((await stat(join(folder, FILE))).size).toBeLessThan(size);
          const second = open(folder, clock);
          const after = everything(second.store);
          await second.journal.close();
          const known = (line: string): boolean => !line.startsWith('["next"');
          expect(after.filter(known)).toEqual(before.filter(known));
        },
      ),
      { numRuns: 10 },
    );
  });

  it('rewrites itself when most of it is past', async () => {
    const dataDir = await dataFolder();
    const { queue } = await testServer({ dataDir });
    const tasks = await queue('tasks');
    for (let i = 0; i < 24; i += 1) {
      await tasks.send('x'.repeat(1_000_000));
      const [message] = await tasks.receive();
      await tasks.delete(message!);
    }
    // 24 MB went through it.
    expect((await stat(join(dataDir, FILE))).size).toBeLessThan(12 << 20);
  });
});

describe('the lock of a data folder', () => {
  it('keeps a second server out, and names the first', async () => {
    const dataDir = await dataFolder();
    const server = await startSqsServer({ dataDir });
    const second = startSqsServer({ dataDir });
    await expect(second).rejects.toMatchObject({ code: 'EMBEDDED_FAILED', fields: { pid: process.pid } });
    await server.close();
    const third = await startSqsServer({ dataDir });
    await third.close();
  });

  it.each([
    ['a dead process', JSON.stringify({ pid: 0x3fffffff, began: '1' })],
    ['an earlier process with our number', JSON.stringify({ pid: process.pid, began: 'long ago' })],
    ['a process that died while it wrote', ''],
  ])('is taken over from %s', async (_, content) => {
    const dataDir = await dataFolder();
    await writeFile(join(dataDir, 'lock'), content);
    const server = await startSqsServer({ dataDir });
    expect(JSON.parse(await readFile(join(dataDir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await server.close();
  });
});
