import { randomUUID } from 'node:crypto';
import type { SettingsInput, Signals, SignatureData, Task } from '../../../src/app/index.js';
import type { ApplyParts } from '../../../src/canvas/index.js';
import type { Celery, CeleryOptions } from '../../../src/index.js';
import type { OutgoingMessage } from '../../../src/messaging/index.js';
import type { AsyncResult, TaskMeta } from '../../../src/results/index.js';
import type { PoolName, QuarantinedMessage, Worker, WorkerOptions } from '../../../src/worker/index.js';
import { type Library, libraryFor } from './library.js';
import { type Gate, Meeting } from './meeting.js';
import { PATIENCE_MS, patiently } from './patiently.js';

/** A broker and a result store that worker cases run on. */
export interface WorkerPlace {
  /** Where to connect to; queue names are made unique by the system. */
  readonly settings: SettingsInput;
  /** Adapters that apps of one case share, as processes share a server. */
  readonly adapters?: Pick<CeleryOptions, 'transports' | 'backends'>;
}

const CHILD_APP = new URL('tasks/app.mjs', import.meta.url);

/** What one case works with: queues of its own, and as many apps and workers as it wants. */
export class System {
  readonly queue = `w${randomUUID().slice(0, 8)}`;
  readonly quarantined: QuarantinedMessage[] = [];
  readonly pool: PoolName;
  readonly #library: Library;
  readonly #place: WorkerPlace;
  readonly #meeting: Meeting;
  readonly #apps: Celery[] = [];
  readonly #workers: Worker[] = [];

  private constructor(place: WorkerPlace, pool: PoolName, library: Library, meeting: Meeting) {
    this.#place = place;
    this.pool = pool;
    this.#library = library;
    this.#meeting = meeting;
  }

  static async open(place: WorkerPlace, pool: PoolName): Promise<System> {
    return new System(place, pool, await libraryFor(pool), await Meeting.open());
  }

  /** An app with connections of its own, as another process would have, and all tasks. */
  app(settings: SettingsInput = {}): Celery {
    const { Celery, defineTasks } = this.#library;
    const app = new Celery('cases', this.#place.adapters).configFromObject(this.#settings(settings));
    defineTasks(app, this.#meeting.port);
    this.#apps.push(app);
    return app;
  }

  /** A started worker that keeps what it sets aside in `quarantined`. */
  async worker(app: Celery, options: WorkerOptions = {}): Promise<Worker> {
    const settings = encodeURIComponent(JSON.stringify(this.#settings({})));
    const worker = this.#library.createWorker(app, {
      pool: this.pool,
      concurrency: this.pool === 'async' ? 4 : 2,
      appModule: new URL(`?meeting=${this.#meeting.port}&settings=${settings}`, CHILD_APP),
      quarantine: {
        put: async (message) => {
          this.quarantined.push(message);
        },
      },
      ...options,
    });
    this.#workers.push(worker);
    await worker.start();
    return worker;
  }

  /** A gate that tasks of this case stop at; until it is put there they pass. */
  gate(name: string): Gate {
    return this.#meeting.gate(name);
  }

  /** What tasks have left under a name so far. */
  notes<T = unknown>(name: string): readonly T[] {
    return this.#meeting.notes<T>(name);
  }

  /** Waits until they have left that many. */
  noted<T = unknown>(name: string, count?: number): Promise<readonly T[]> {
    return this.#meeting.noted<T>(name, count);
  }

  /** A task, to call it by its own methods. */
  task(app: Celery, name: string): Task<unknown[], unknown> {
    return app.tasks.get(name) as Task<unknown[], unknown>;
  }

  /** Sends a call by name. */
  async call(
    app: Celery,
    task: string,
    args: readonly unknown[] = [],
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    return (await app.send({ task, args, kwargs: {}, options })).id;
  }

  /** Sends a workflow. */
  apply(app: Celery, signature: SignatureData, parts?: ApplyParts): Promise<AsyncResult> {
    return this.#library.applySignature(app, signature, parts) as Promise<AsyncResult>;
  }

  /** Publishes any bytes to the queue. */
  async publish(app: Celery, message: Partial<OutgoingMessage>): Promise<void> {
    const broker = await app.broker();
    await broker.declare(app.queues);
    await broker.publish(
      {
        body: new TextEncoder().encode('[[], {}, null]'),
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        headers: {},
        properties: {},
        ...message,
      },
      { exchange: '', routingKey: this.queue },
    );
  }

  /** What is stored about a task now. */
  async meta(app: Celery, id: string): Promise<TaskMeta> {
    const backend = await app.backend();
    const [meta] = (await backend?.get([id])) ?? [];
    if (meta === undefined) throw new Error('this system has no result store');
    return meta;
  }

  /** Waits until what is stored about a task satisfies `wanted`. */
  async until(app: Celery, id: string, wanted: (meta: TaskMeta) => boolean): Promise<TaskMeta> {
    const backend = await app.backend();
    if (backend === undefined) throw new Error('this system has no result store');
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for await (const _changed of backend.watch([id], { signal })) {
      const [meta] = await backend.get([id]);
      if (meta !== undefined && wanted(meta)) return meta;
    }
    throw new Error(`still ${JSON.stringify(await this.meta(app, id))}`);
  }

  /** Waits until a task has ended, and returns what is stored about it. */
  ended(app: Celery, id: string): Promise<TaskMeta> {
    return this.until(app, id, ({ status }) => ['SUCCESS', 'FAILURE', 'REVOKED'].includes(status));
  }

  /** Resolves with the payload of the first signal that `wanted` accepts. */
  signal<K extends keyof Signals>(
    app: Celery,
    name: K,
    wanted: (payload: Signals[K]) => boolean = () => true,
  ): Promise<Signals[K]> {
    return patiently(
      new Promise((resolve) => {
        const off = app.signals.on(name, (payload) => {
          if (!wanted(payload)) return;
          off();
          resolve(payload);
        });
      }),
      `signal ${name}`,
    );
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop({ deadlineMs: 0 })));
    await Promise.all(this.#apps.map((app) => app.close()));
    // By a connection of its own: a case may have broken the others.
    const sweeper = this.app();
    await (await sweeper.broker()).deleteQueue(this.queue);
    await sweeper.close();
    this.#meeting.close();
  }

  #settings(settings: SettingsInput): SettingsInput {
    // A machine that runs all tests at once may be slow to bring up a process.
    const patient = { worker_proc_alive_timeout: 30 };
    return { ...patient, ...this.#place.settings, task_default_queue: this.queue, ...settings };
  }
}
