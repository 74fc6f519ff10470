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

/** A client and a worker in each language, on one broker and one result store. */
export class System {
  readonly #runs: Redis;
  readonly #app: Celery;
  readonly #worker: Worker;
  readonly #workerApp: Celery;
  readonly #python: ChildProcess;
  readonly #pythonWorker: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #sent = new Map<string, AsyncResult | GroupResult>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(place: Place) {
    this.#runs = new Redis(place.runs);
    const app = (queue: string): Celery =>
      new Celery('canvas', {
        settings: {
          broker_url: place.broker,
          result_backend: place.results.typescript,
          task_routes: Object.fromEntries(['ts', 'py', 'both'].map((name) => [`${name}.*`, { queue: name }])),
          task_default_queue: queue,
          result_chord_retry_interval: 0.2,
        },
      });
    this.#app = app('both');
    this.#workerApp = app('ts');
    defineTasks(this.#workerApp, this.#runs);
    this.#worker = createWorker(this.#workerApp, {
      queues: ['ts', 'both'],
      concurrency: 8,
      hostname: 'ts@%h',
    });
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
    await Promise.all([system.#worker.start(), worker.next(), system.#answers.next()]);
    return system;
  }

  /** Sends a form to a queue; resolves with the tag of its runs. */
  async send(from: Language, queue: string, { ts, python }: Form): Promise<string> {
    const tag = randomUUID();
    if (from === 'python') await this.#ask('send', python, queue, tag);
    else this.#sent.set(tag, await ts(wordsOf(this.#app, queue, tag)).applyAsync());
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

  /** The signature as Python writes it. */
  wire(queue: string, { python }: Form, tag: string): Promise<unknown> {
    return this.#ask('wire', python, queue, tag);
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
    await Promise.all([this.#worker.stop(), once(this.#pythonWorker, 'exit')]);
  }

  async close(): Promise<void> {
    this.#python.stdin?.end();
    await Promise.all([this.#app.close(), this.#workerApp.close(), once(this.#python, 'exit')]);
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

async function valueOf(result: AsyncResult | GroupResult): Promise<unknown> {
  if (result instanceof GroupResult) return Promise.all(result.results.map(valueOf));
  if (!(result instanceof AsyncResult)) throw new Error('no result');
  await result.get({ propagate: false, timeout: PATIENCE });
  const { status, result: value } = await result.result();
  return status === 'SUCCESS' ? value : { error: (value as { exc_type: string }).exc_type };
}
