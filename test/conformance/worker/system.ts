import { randomUUID } from 'node:crypto';
import { CeleryApp, type SettingsInput, type Signals } from '../../../src/app/index.js';
import type { CoordinationRegistry } from '../../../src/coordination/index.js';
import type { OutgoingMessage, TransportRegistry } from '../../../src/messaging/index.js';
import type { ResultBackendRegistry, TaskMeta } from '../../../src/results/index.js';
import {
  createWorker,
  type QuarantinedMessage,
  type Worker,
  type WorkerOptions,
} from '../../../src/worker/index.js';

/** A broker and a result store that worker cases run on. */
export interface WorkerPlace {
  readonly transports: TransportRegistry;
  readonly backends: ResultBackendRegistry;
  /** Where locks and turns are kept, where the broker keeps none. */
  readonly coordinations?: CoordinationRegistry;
  /** Where to connect to; queue names are made unique by the system. */
  readonly settings: SettingsInput;
}

/** How long a case waits for something that must happen. Nothing sleeps this long when all is well. */
const PATIENCE_MS = 20_000;

/** What one case works with: queues of its own, and as many apps and workers as it wants. */
export class System {
  readonly queue = `w${randomUUID().slice(0, 8)}`;
  readonly quarantined: QuarantinedMessage[] = [];
  readonly #place: WorkerPlace;
  readonly #apps: CeleryApp[] = [];
  readonly #workers: Worker[] = [];

  constructor(place: WorkerPlace) {
    this.#place = place;
  }

  /** An app with connections of its own, as another process would have. */
  app(settings: SettingsInput = {}): CeleryApp {
    const { transports, backends, coordinations } = this.#place;
    const app = new CeleryApp('cases', {
      transports,
      backends,
      ...(coordinations && { coordinations }),
      settings: { ...this.#place.settings, task_default_queue: this.queue, ...settings },
    });
    this.#apps.push(app);
    return app;
  }

  /** A started worker that keeps what it sets aside in `quarantined`. */
  async worker(app: CeleryApp, options: WorkerOptions = {}): Promise<Worker> {
    const worker = createWorker(app, {
      concurrency: 4,
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

  /** Sends a call by name, so that nothing about it need be registered. */
  async call(
    app: CeleryApp,
    task: string,
    args: readonly unknown[] = [],
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    return (await app.send({ task, args, kwargs: {}, options })).id;
  }

  /** Publishes any bytes to the queue. */
  async publish(app: CeleryApp, message: Partial<OutgoingMessage>): Promise<void> {
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
  async meta(app: CeleryApp, id: string): Promise<TaskMeta> {
    const backend = await app.backend();
    const [meta] = (await backend?.get([id])) ?? [];
    if (meta === undefined) throw new Error('this system has no result store');
    return meta;
  }

  /** Waits until what is stored about a task satisfies `wanted`. */
  async until(app: CeleryApp, id: string, wanted: (meta: TaskMeta) => boolean): Promise<TaskMeta> {
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
  ended(app: CeleryApp, id: string): Promise<TaskMeta> {
    return this.until(app, id, ({ status }) => ['SUCCESS', 'FAILURE', 'REVOKED'].includes(status));
  }

  /** Resolves with the payload of the first signal that `wanted` accepts. */
  signal<K extends keyof Signals>(
    app: CeleryApp,
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
  }
}

/** The promise, or an error that says what did not happen. */
export async function patiently<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not happen: ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Something a task waits at until the case opens it; `reached` resolves when the first one waits. */
export class Gate {
  readonly reached: Promise<void>;
  #arrive: () => void = () => {};
  readonly #opened: Promise<void>;
  #open: () => void = () => {};

  constructor() {
    this.reached = patiently(
      new Promise((resolve) => {
        this.#arrive = resolve;
      }),
      'a task reaches the gate',
    );
    // A case that never looks must not fail by it.
    this.reached.catch(() => {});
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  async wait(): Promise<void> {
    this.#arrive();
    await this.#opened;
  }

  open(): void {
    this.#open();
  }
}
