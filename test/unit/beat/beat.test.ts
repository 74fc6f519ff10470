import { afterEach, describe, expect, test } from 'vitest';
import { CeleryApp, type SettingsInput } from '../../../src/app/index.js';
import { type Logger, ToolboxError } from '../../../src/base/index.js';
import {
  Beat,
  type BeatOptions,
  crontab,
  type EntryStore,
  memoryEntryStore,
} from '../../../src/beat/index.js';
import type { ResultBackend } from '../../../src/results/index.js';
import { RecordingTransport } from '../app/recording.js';
import { HandClock, settle } from './support/hand-clock.js';

const running: Beat[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((beat) => beat.stop()));
});

/** A beat whose broker keeps what it gets, on a clock turned by hand. */
function setUp(
  settings: SettingsInput,
  shared: { clock?: HandClock; store?: EntryStore; backend?: Partial<ResultBackend> } = {},
) {
  const clock = shared.clock ?? new HandClock();
  const transport = new RecordingTransport();
  const lines: string[] = [];
  const say = (_: object, line: string): void => void lines.push(line);
  const logger: Logger = { debug: say, info: say, warn: say, error: say } as unknown as Logger;
  const app = new CeleryApp('test', {
    transports: new Map([['recording', async () => async () => transport]]),
    backends: new Map(
      shared.backend
        ? [
            [
              'test',
              async () => async () =>
                ({ connect: async () => {}, close: async () => {}, ...shared.backend }) as ResultBackend,
            ],
          ]
        : [],
    ),
    clock,
    logger,
    settings: {
      broker_url: 'recording://',
      task_publish_retry: false,
      ...(shared.backend && { result_backend: 'test://' }),
      ...settings,
    },
  });
  const store = shared.store ?? memoryEntryStore({ clock });
  const beat = (options: Partial<BeatOptions> = {}): Beat => {
    const one = new Beat(app, { store, ...options });
    running.push(one);
    return one;
  };
  const sent = () =>
    transport.sent.map(({ message }) => ({
      task: message.headers.task,
      id: message.headers.id,
      headers: message.headers,
    }));
  return { app, beat, clock, lines, sent, store, transport };
}

const minutely = { beat_schedule: { each: { task: 'msg.tick', schedule: 60 } } };

describe('beat', () => {
  test('sends what is due, marked as Celery marks it, with ids that follow from entry and time', async () => {
    const { beat, clock, sent } = setUp(minutely);
    await beat().start();
    await clock.pass(59_999);
    expect(sent()).toEqual([]);
    await clock.pass(60_001);
    const first = sent();
    expect(first.map(({ task }) => task)).toEqual(['msg.tick', 'msg.tick']);
    expect(first[0]?.headers).toMatchObject({ celery_beat_task: true });
    expect(new Set(first.map(({ id }) => id)).size).toBe(2);
    const again = setUp(minutely);
    await again.beat().start();
    await again.clock.pass(120_000);
    expect(again.sent().map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  test('of three on one store one sends; when it falls silent another goes on within a lease', async () => {
    const { beat, clock, sent, store } = setUp({
      beat_schedule: { each: { task: 'msg.tick', schedule: 1 } },
    });
    const leader = beat({ leaseMs: 3000 });
    await leader.start();
    await clock.pass(100);
    for (const other of [beat({ leaseMs: 3000 }), beat({ leaseMs: 3000 })]) await other.start();
    await clock.pass(9900);
    expect(sent()).toHaveLength(10);
    expect(running.filter((one) => one.info().leading)).toEqual([leader]);
    await leader.stop();
    await clock.pass(10_000);
    expect(new Set(sent().map(({ id }) => id)).size).toBe(sent().length);
    expect(sent().length).toBeGreaterThanOrEqual(19);
    expect((await store.load())[0]).toMatchObject({ pending: null, totalRunCount: sent().length });
  });

  test('a leader that was away too long sends nothing more under its old lead', async () => {
    const { clock, store } = setUp({});
    const first = await store.lead('one', 1000);
    await clock.pass(1500);
    const second = await store.lead('two', 1000);
    if (!first.leading || !second.leading) throw new Error('both lead in turn');
    expect(second.token).toBeGreaterThan(first.token);
    await store.put('e', { task: 't', schedule: 5 });
    const claim = { name: 'e', was: null, cursor: 5, timezone: 'UTC', pending: null };
    expect(await store.claim([claim], first)).toEqual(new Set());
    expect(await store.claim([claim], second)).toEqual(new Set(['e']));
  });

  test('a publish that fails is repeated until the next run is due, then given up and counted', async () => {
    const { beat, clock, sent, transport, lines } = setUp(minutely);
    let broken = true;
    transport.failures = () => (broken ? new ToolboxError('BROKER_UNREACHABLE', 'away') : undefined);
    const one = beat();
    await one.start();
    await clock.pass(90_000);
    expect(sent()).toEqual([]);
    expect(one.info().failed).toBeGreaterThan(3);
    broken = false;
    await clock.pass(29_999);
    expect(sent()).toHaveLength(1);
    broken = true;
    await clock.pass(59_000);
    expect(one.info()).toMatchObject({ missed: 0 });
    await clock.pass(60_000);
    expect(one.info()).toMatchObject({ missed: 1, sent: 1 });
    expect(lines).toContain('beat: a run could not be sent');
  });

  test('a run decided on and not known to be sent is sent again under its id, unless the result store knows it', async () => {
    const clock = new HandClock();
    const store = memoryEntryStore({ clock });
    const before = setUp(minutely, { clock, store });
    before.transport.failures = () => new ToolboxError('BROKER_UNREACHABLE', 'away');
    const killed = before.beat();
    await killed.start();
    await clock.pass(60_500);
    await killed.stop();
    const [{ pending } = { pending: null }] = await store.load();
    expect(pending).not.toBeNull();

    const known: string[] = [];
    const get = async (ids: readonly string[]) =>
      ids.map((taskId) => ({
        taskId,
        status: known.includes(taskId) ? 'SUCCESS' : 'PENDING',
        result: null,
        traceback: null,
        dateDone: null,
      }));
    const after = setUp(minutely, { clock, store, backend: { get } });
    const next = after.beat();
    await next.start();
    await settle();
    expect(after.sent().map(({ id }) => id)).toEqual([pending?.taskId]);
    await next.stop();

    await clock.pass(30_000);
    after.transport.failures = () => new ToolboxError('BROKER_UNREACHABLE', 'away');
    const third = after.beat();
    await third.start();
    await clock.pass(30_500);
    await third.stop();
    const [{ pending: unsure } = { pending: null }] = await store.load();
    known.push(unsure?.taskId ?? '');
    after.transport.failures = undefined;
    const fourth = after.beat();
    await fourth.start();
    await settle();
    expect(after.sent()).toHaveLength(1);
    expect(after.lines).toContain('beat: this run was sent before the last leader ended');
    expect((await store.load())[0]?.pending).toBeNull();
  });

  test('entries added, changed, disabled and removed while it runs count at once; a faulty one stops nobody', async () => {
    const { beat, clock, sent, store } = setUp({});
    const one = beat();
    await one.start();
    await store.put('a', { task: 'msg.a', schedule: 10 });
    await settle();
    await clock.pass(10_000);
    expect(sent().map(({ task }) => task)).toEqual(['msg.a']);
    await store.put('a', { task: 'msg.b', schedule: 5 });
    await clock.pass(5000);
    expect(sent().at(-1)?.task).toBe('msg.b');
    await store.put('a', { task: 'msg.b', schedule: 5, enabled: false });
    await clock.pass(60_000);
    expect(sent()).toHaveLength(2);
    await store.put('a', { task: 'msg.c', schedule: 5 });
    await clock.pass(5000);
    expect(sent().at(-1)?.task).toBe('msg.c');
    expect(await store.remove('a')).toBe(true);
    expect(await store.remove('a')).toBe(false);
    await clock.pass(60_000);
    expect(sent()).toHaveLength(3);
    await expect(store.put('bad', { task: '', schedule: 5 })).rejects.toThrow(/entry "bad": task/);
  });

  test('a clock set forward is noticed when the lead is renewed; set back, nothing is repeated', async () => {
    const schedule = crontab({ minute: '0' });
    const { beat, clock, sent, lines } = setUp({ beat_schedule: { hourly: { task: 'msg.hour', schedule } } });
    await beat().start();
    await clock.pass(1000);
    clock.set(3_700_000);
    await clock.pass(6000);
    expect(sent()).toHaveLength(1);
    expect(lines).toContain('beat: the clock was set, or the machine was suspended');
    clock.set(-3_700_000);
    await clock.pass(3_600_000);
    expect(sent()).toHaveLength(1);
    await clock.pass(3_600_000);
    expect(sent()).toHaveLength(2);
  });

  test('says that it begins, and refuses a faulty entry of the code', async () => {
    const { app, beat, clock } = setUp(minutely);
    const told: string[] = [];
    app.signals.on('beat_init', () => void told.push('alone'));
    app.signals.on('beat_embedded_init', () => void told.push('embedded'));
    await beat().start();
    await beat({ embedded: true }).start();
    expect(told).toEqual(['alone', 'embedded']);
    await clock.pass(1);
    const faulty = setUp({ beat_schedule: { bad: { task: 'msg.tick', schedule: '99 * * * *' } } });
    await expect(new Beat(faulty.app, { store: faulty.store }).start()).rejects.toThrow(
      /entry "bad".*minute "99"/,
    );
  });

  test("adds Celery's cleanup where results do not go by themselves", async () => {
    const { beat, clock, store } = setUp({ result_expires: 3600 }, { backend: { cleanup: async () => 0 } });
    await beat().start();
    await clock.pass(1);
    expect(await store.load()).toMatchObject([
      { name: 'celery.backend_cleanup', source: 'app', definition: { options: { expires: 43_200 } } },
    ]);
    const without = setUp({ result_expires: 3600 }, { backend: {} });
    await without.beat().start();
    await without.clock.pass(1);
    expect(await without.store.load()).toEqual([]);
  });
});
