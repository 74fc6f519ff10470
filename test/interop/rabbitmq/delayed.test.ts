import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import type { Queue } from '../../../src/messaging/index.js';
import { Celery } from '../../../src/toolbox/setup/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq, type Vhost } from '../../support/rabbitmq.js';

const PEER = fileURLToPath(new URL('./delayed_peer.py', import.meta.url));
const python = celeryPython();
const run = promisify(execFile);

type Kind = 'quorum' | 'classic';

/** What a task saw of its call; `late` in seconds after its time, negative when it came early. */
interface Note {
  readonly late: number;
  readonly key: string;
  readonly exchange: string;
  readonly retries: number;
}

function queuesOf(kind: Kind): Queue[] {
  return ['python', 'typescript'].map((name) =>
    kind === 'classic'
      ? { name, exchange: { name, type: 'direct' }, routingKey: name }
      : {
          name,
          exchange: { name: 'delayed_exchange', type: 'topic' },
          routingKey: name,
          arguments: { 'x-queue-type': 'quorum' },
        },
  );
}

/** Things that come one by one. */
class Line<T> {
  readonly seen: T[] = [];
  #wake = (): void => {};
  put(item: T): void {
    this.seen.push(item);
    this.#wake();
  }
  async upTo(count: number): Promise<readonly T[]> {
    while (this.seen.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.seen;
  }
}

describeRabbitmq(
  python === undefined ? `delayed delivery beside Celery (${NO_PYTHON})` : 'delayed delivery beside Celery',
  (vhost) => {
    const children: ChildProcess[] = [];
    const apps: Celery[] = [];
    const workers: Worker[] = [];

    afterEach(async () => {
      for (const child of children.splice(0)) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      await Promise.all(workers.splice(0).map((worker) => worker.stop({ deadlineMs: 0 })));
      await Promise.all(apps.splice(0).map((app) => app.close()));
      for (const { name } of [...queuesOf('classic')]) {
        await vhost().api('DELETE', `/api/queues/${vhost().name}/${name}`);
      }
    });

    /** Resolves once it consumes. */
    async function pythonWorker(kind: Kind): Promise<Line<Note>> {
      const child = spawn(python ?? 'python3', [PEER, 'worker', vhost().url, kind], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      children.push(child);
      const notes = new Line<Note>();
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('NOTE ')) notes.put(JSON.parse(line.slice(5)) as Note);
      });
      await expect
        .poll(() => queueOf(vhost(), 'python').then((one) => one?.consumers), { timeout: 30_000 })
        .toBe(1);
      return notes;
    }

    function typescript(kind: Kind): Celery {
      const app = new Celery('delayed', {
        settings: { broker_url: vhost().url, result_backend: null, task_queues: queuesOf(kind) },
      });
      apps.push(app);
      return app;
    }

    /** Runs each call `1 + retry` times. */
    async function typescriptWorker(app: Celery): Promise<Line<Note>> {
      const notes = new Line<Note>();
      app.task('typescript.note', { bind: true, maxRetries: 3 }, async (task, due: number) => {
        const { deliveryInfo, retries } = task.request;
        notes.put({
          late: Date.now() / 1000 - due,
          key: deliveryInfo.routing_key,
          exchange: deliveryInfo.exchange,
          retries,
        });
      });
      const worker = createWorker(app, { queues: ['typescript'], concurrency: 4 });
      workers.push(worker);
      await worker.start();
      return notes;
    }

    const pythonSends = (kind: Kind, seconds: number, routes: readonly object[]) =>
      run(python ?? 'python3', [PEER, 'send', vhost().url, kind, String(seconds), JSON.stringify(routes)]);

    const inTime = ({ late }: Note): boolean => late >= -0.05 && late < 3;

    it('with quorum queues, the broker keeps what either side sends for later', async () => {
      // Python declares the levels first; what we declare must be the same.
      const pythonNotes = await pythonWorker('quorum');
      const app = typescript('quorum');
      const notes = await typescriptWorker(app);
      const due = Date.now() / 1000 + 4;
      await app.send({
        task: 'python.note',
        args: [due],
        kwargs: { retry: 1 },
        options: {
          exchange: 'delayed_exchange',
          routing_key: 'python',
          exchange_type: 'topic',
          countdown: 4,
        },
      });
      await pythonSends('quorum', 4, [{ queue: 'typescript' }]);
      const broker = await app.broker();
      expect(await Promise.all(['python', 'typescript'].map((name) => broker.size(name)))).toEqual([0, 0]);
      const [note, again] = await pythonNotes.upTo(2);
      expect([note, again].every((one) => one !== undefined && inTime(one))).toBe(true);
      // 4 or, for the part of a second already gone, 3 seconds.
      expect(note?.key).toMatch(/^(0\.){25}((1\.0\.0)|(0\.1\.1))\.python$/);
      expect(again).toMatchObject({ retries: 1 });
      const [ours] = await notes.upTo(1);
      expect(ours).toMatchObject({ key: 'typescript', exchange: 'delayed_exchange' });
      expect(inTime(ours as Note)).toBe(true);
      expect(notes.seen).toHaveLength(1);
    }, 60_000);

    it('with classic queues, a worker gives the broker what Python wants run later', async () => {
      const app = typescript('classic');
      const notes = await typescriptWorker(app);
      const pythonNotes = await pythonWorker('classic');
      await pythonSends('classic', 8, [{ queue: 'typescript' }]);
      const due = Date.now() / 1000 + 7;
      await app.send({
        task: 'python.note',
        args: [due],
        kwargs: { retry: 1 },
        options: { queue: 'python', countdown: 7 },
      });
      // Nothing waits where it could be held, neither with us nor in the queues: the levels have both.
      await expect.poll(() => waitingInLevels(app), { timeout: 6_000 }).toBe(2);
      const [note, again] = await pythonNotes.upTo(2);
      expect([note, again].every((one) => one !== undefined && inTime(one))).toBe(true);
      const [ours] = await notes.upTo(1);
      expect(inTime(ours as Note)).toBe(true);
      expect(ours).toMatchObject({ key: 'typescript', exchange: '' });
      expect(notes.seen).toHaveLength(1);
    }, 60_000);
  },
);

interface QueueRow {
  readonly name: string;
  readonly consumers?: number;
}

const queueOf = async (vhost: Vhost, name: string): Promise<QueueRow | undefined> =>
  (await vhost.api('GET', `/api/queues/${vhost.name}/${name}`)) as QueueRow | undefined;

/** Asked of the broker itself: its management API is seconds late. */
async function waitingInLevels(app: Celery): Promise<number> {
  const broker = await app.broker();
  const sizes = await Promise.all(
    Array.from({ length: 28 }, (_, level) => broker.size(`celery_delayed_${level}`).catch(() => 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
