import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { AsyncResult, Celery, createWorker, GroupResult, type Worker } from '../../../src/index.js';
import { celeryPython } from '../../support/python.js';
import type { Form } from './forms.js';
import { defineTasks, type Ran, wordsOf } from './tasks.js';

const SCRIPT = fileURLToPath(new URL('peer.py', import.meta.url));
/** Seconds that something may take that must happen. */
const PATIENCE = 40;

export type Language = 'python' | 'typescript';

/** Where messages and results go, and where runs are noted. */
export interface Place {
  readonly broker: string;
  /** As TypeScript reads it and as Python does. */
  readonly results: Readonly<Record<Language, string>>;
  readonly runs: string;
}

/** What came of a form, as its sender reads it. */
export interface Outcome {
  readonly value: unknown;
  readonly before: readonly unknown[];
}

/** Where tasks run: in our worker, in the Python worker, in either, or in one that is sent, and sends, every message twice. */
export const QUEUES = ['ts', 'py', 'both', 'twice'] as const;
export type Queue = (typeof QUEUES)[number];

/** A client and a worker in each language, on one broker and one result store; and one of ours that repeats all it sends. */
export class System {
  readonly #runs: Redis;
  readonly #clients: Readonly<Record<'once' | 'twice', Celery>>;
  readonly #workers: readonly Worker[];
  readonly #apps: Celery[] = [];
  readonly #python: ChildProcess;
  readonly #pythonWorker: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #sent = new Map<string, AsyncResult | GroupResult>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(place: Place) {
    this.#runs = new Redis(place.runs);
    const app = (queue: Queue): Celery => {
      const made = new Celery('canvas', {
        settings: {
          broker_url: place.broker,
          result_backend: place.results.typescript,
          task_routes: Object.fromEntries(QUEUES.map((name) => [`${name}.*`, { queue: name }])),
          task_default_queue: queue,
          result_chord_retry_interval: 0.2,
        },
      });
      this.#apps.push(made);
      return made;
    };
    const worker = (own: Queue, ...queues: Queue[]): Worker => {
      const made = app(own);
      defineTasks(made, this.#runs, queues);
      return createWorker(made, { queues, concurrency: 8, hostname: `${own}@%h` });
    };
    this.#clients = { once: app('both'), twice: app('twice') };
    this.#workers = [worker('ts', 'ts', 'both'), worker('twice', 'twice')];
    const start = (mode: string, queue: string, queues = ''): ChildProcess => {
      const { broker, results, runs } = place;
      const settings = { broker, results: results.python, runs, queue, queues, patience: PATIENCE };
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' };
      const child = spawn(celeryPython() ?? '', [SCRIPT, mode, JSON.stringify(settings)], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env,
      });
      process.once('exit', () => child.kill('SIGKILL'));
      return child;
    };
    this.#python = start('client', 'both');
    this.#pythonWorker = start('worker', 'py', 'py,both');
    this.#answers = createInterface({ input: this.#python.stdout! })[Symbol.asyncIterator]();
  }

  static async start(place: Place): Promise<System> {
    const system = new System(place);
    const worker = createInterface({ input: system.#pythonWorker.stdout! })[Symbol.asyncIterator]();
    const twice = system.#apps.filter(({ conf }) => conf.task_default_queue === 'twice');
    await Promise.all([...twice.map(sendTwice), worker.next(), system.#answers.next()]);
    await Promise.all(system.#workers.map((one) => one.start()));
    return system;
  }

  /** Sends a form to a queue; resolves with the tag of its runs. */
  async send(from: Language, queue: Queue, { ts, python }: Form): Promise<string> {
    const tag = randomUUID();
    if (from === 'python') await this.#ask('send', python, queue, tag);
    else {
      const app = this.#clients[queue === 'twice' ? 'twice' : 'once'];
      this.#sent.set(tag, await ts(wordsOf(app, queue, tag)).applyAsync());
    }
    return tag;
  }

  /** What the sender reads of it, once it has ended. */
  async outcome(from: Language, tag: string): Promise<Outcome> {
    if (from === 'python') return this.#ask<Outcome>('outcome', tag);
    const result = this.#sent.get(tag);
    if (result === undefined) throw new Error('never sent');
    const before: unknown[] = [];
    for (let node = result.parent; node; node = node.parent) before.push(await valueOf(node));
    return { value: await valueOf(result), before };
  }

  /** The runs of a form so far, or as soon as there are so many. */
  async runs(tag: string, count = 0): Promise<readonly Ran[]> {
    const until = Date.now() + PATIENCE * 1000;
    for (;;) {
      const noted = await this.#runs.lrange(`canvas:${tag}`, 0, -1);
      if (noted.length >= count || Date.now() > until) return noted.map((one) => JSON.parse(one) as Ran);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Ends what the workers have, and then everything. */
  async stopWorkers(): Promise<void> {
    this.#pythonWorker.kill('SIGTERM');
    await Promise.all([...this.#workers.map((one) => one.stop()), once(this.#pythonWorker, 'exit')]);
  }

  async close(): Promise<void> {
    this.#python.stdin?.end();
    await Promise.all([...this.#apps.map((app) => app.close()), once(this.#python, 'exit')]);
    await this.#runs.quit();
  }

  #ask<T>(command: string, ...args: readonly unknown[]): Promise<T> {
    const asked = this.#turn.then(async () => {
      this.#python.stdin?.write(`${JSON.stringify({ do: command, with: args })}\n`);
      const { value, done } = await this.#answers.next();
      if (done === true) throw new Error('the Python client has ended');
      const answer = JSON.parse(value) as { ok: T } | { error: string };
      if ('error' in answer) throw new Error(`the Python client: ${answer.error}`);
      return answer.ok;
    });
    this.#turn = asked.catch(() => undefined);
    return asked;
  }
}

/** Every message of its is delivered twice, the second time as brokers deliver what they do not know to be done. */
async function sendTwice(app: Celery): Promise<void> {
  const broker = await app.broker();
  const publish = broker.publish.bind(broker);
  broker.publish = async (message, options) => {
    await publish(message, options);
    // Its worker may end the chords of others, whose workers run what they get.
    if (options.routingKey !== 'twice') return;
    await publish({ ...message, headers: { ...message.headers, redelivered: true } }, options);
  };
}

async function valueOf(result: AsyncResult | GroupResult): Promise<unknown> {
  if (result instanceof GroupResult) return Promise.all(result.results.map(valueOf));
  if (!(result instanceof AsyncResult)) throw new Error('no result');
  await result.get({ propagate: false, timeout: PATIENCE });
  const { status, result: value } = await result.result();
  return status === 'SUCCESS' ? value : { error: (value as { exc_type: string }).exc_type };
}
