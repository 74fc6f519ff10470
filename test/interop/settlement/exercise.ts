import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as library from '../../../src/index.js';
import { Celery, type ReceivedEvent, receiveEvents } from '../../../src/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { type Observed, TABLE, titleOf } from './table.js';

const FOLDER = new URL('.', import.meta.url);
const OURS = new URL('app.mjs', FOLDER);

type Settings = Readonly<Record<string, unknown>>;
/** What ends what was started, also where its start was not waited for to the end. */
type Closing = (() => unknown)[];

/** The table, with Celery's worker and with ours, each on a queue of its own. */
export function exerciseSettlement(name: string, conf: () => Settings): void {
  const python = celeryPython();
  if (python === undefined) {
    describe.skip(`${name} (${NO_PYTHON})`, () => {
      it('runs beside Python', () => {});
    });
    return;
  }
  describe.each([
    ['Celery', (settings: Settings, closing: Closing) => startCelery(python, settings, closing)],
    ['ours', startOurs],
  ] as const)(`${name}, a worker of %s`, (whose, start) => {
    const queue = `settle-${whose}`;
    let sender: Celery;
    const closing: Closing = [];
    const events = new Map<string, ReceivedEvent[]>();
    beforeAll(async () => {
      const all = { ...conf(), task_default_queue: queue };
      sender = new Celery('sender').configFromObject(all);
      closing.push(() => sender.close());
      const subscription = await receiveEvents(sender, {
        pattern: 'task.#',
        wakeup: false,
        onEvent: (event) => {
          const id = String(event.uuid);
          events.set(id, [...(events.get(id) ?? []), event]);
        },
      });
      closing.push(() => subscription.close());
      await start({ conf: all, cases: TABLE }, closing);
    });
    afterAll(async () => {
      for (const close of closing.toReversed()) await close();
    });

    const send = async (task: string, args: readonly unknown[]): Promise<string> =>
      (await sender.send({ task, args, kwargs: {}, options: {} })).id;

    async function observed(id: string): Promise<Observed> {
      const [meta] = (await (await sender.backend())?.get([id])) ?? [];
      return {
        events: (events.get(id) ?? []).map(({ type }) => type.replace('task-', '')).sort(),
        status: meta?.status ?? 'PENDING',
        result: plain(meta?.result),
      };
    }

    it.each(TABLE.map((one) => [titleOf(one), one] as const))('%s', async (_title, one) => {
      const expected = whose === 'ours' ? (one.ours?.expected ?? one.expected) : one.expected;
      const id = await send(one.task, one.args);
      await expect.poll(() => observed(id), { timeout: 20_000, interval: 100 }).toEqual(expected);
      // Nothing follows: whoever has the one slot next finds it so.
      await sender.asyncResult(await send('noop', [])).get({ timeout: 20 });
      expect(await observed(id)).toEqual(expected);
      expect(await (await sender.broker()).size(queue)).toBe(0);
    });
  });
}

/** An error as its type and arguments, without what differs from run to run. */
function plain(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('exc_type' in result)) return result ?? null;
  const { exc_type: type, exc_message: message } = result as { exc_type: string; exc_message: unknown };
  const args = (Array.isArray(message) ? message : [message]) as readonly unknown[];
  return [type, ...args.map(shortened)];
}

const shortened = (arg: unknown): unknown =>
  typeof arg === 'string'
    ? arg.replace(/Job: \d+\./, 'Job: N.').replace(/^(Can't retry) [^]*/, '$1 ID')
    : arg;

async function startCelery(python: string, settings: Settings, closing: Closing): Promise<void> {
  const args = [
    '-m',
    'celery',
    '-A',
    'peer',
    'worker',
    '-c',
    '1',
    '-E',
    '--without-mingle',
    '--without-gossip',
    '-l',
    'INFO',
  ];
  const child = spawn(python, [...args, '-n', 'celery-settle@%h'], {
    cwd: fileURLToPath(FOLDER),
    env: { ...process.env, PEER_SETTINGS: JSON.stringify(settings), C_FORCE_ROOT: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  closing.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const lines = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    const seen: string[] = [];
    lines.on('line', (line) => {
      seen.push(line);
      if (line.includes(' ready.')) resolve();
    });
    child.on('exit', () => reject(new Error(seen.join('\n'))));
  });
}

async function startOurs(settings: Settings, closing: Closing): Promise<void> {
  const built = (await import(new URL('../../../dist/index.js', FOLDER).href)) as typeof library;
  const { settlementApp } = (await import(OURS.href)) as { settlementApp: (from: Settings) => Celery };
  const app = settlementApp(settings);
  const worker = built.createWorker(app, {
    pool: 'prefork',
    concurrency: 1,
    taskEvents: true,
    appModule: new URL(`?settings=${encodeURIComponent(JSON.stringify(settings))}`, OURS),
  });
  closing.push(async () => {
    await worker.stop({ deadlineMs: 0 });
    await app.close();
  });
  await worker.start();
}
