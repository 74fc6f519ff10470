import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { CallOptions, SettingsInput } from '../../../src/app/index.js';
import type * as source from '../../../src/index.js';
import type { Celery } from '../../../src/index.js';
import type { TaskMeta } from '../../../src/results/index.js';
import type { QuarantinedMessage, Worker, WorkerOptions } from '../../../src/worker/index.js';

/** The package as it is built: threads and processes load it the same way. */
const built = (await import(new URL('../../../dist/index.js', import.meta.url).href)) as Pick<
  typeof source,
  'createWorker'
>;
const MODULE = new URL('../apps/pools.mjs', import.meta.url);
const { poolApp } = (await import(MODULE.href)) as { poolApp: (settings: SettingsInput) => Celery };

export const { createWorker } = built;

export interface LogRecord {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface PoolSystemOptions extends WorkerOptions {
  readonly pool: 'threads' | 'prefork' | 'async';
  readonly settings?: SettingsInput;
}

/** A worker with a pool of its own, on a broker and a result store in memory unless `settings` say otherwise. */
export class PoolSystem {
  readonly app: Celery;
  readonly worker: Worker;
  readonly logs: LogRecord[] = [];
  readonly quarantined: QuarantinedMessage[] = [];

  private constructor({ settings, ...options }: PoolSystemOptions) {
    const all = {
      broker_url: 'memory://',
      result_backend: 'cache+memory://',
      task_default_queue: `p${randomUUID().slice(0, 8)}`,
      worker_proc_alive_timeout: 30,
      ...settings,
    };
    this.app = poolApp(all);
    this.app.logger = this.#logger();
    const appModule = new URL(`?settings=${encodeURIComponent(JSON.stringify(all))}`, MODULE);
    this.worker = createWorker(this.app, {
      concurrency: 2,
      appModule,
      quarantine: { put: async (message) => void this.quarantined.push(message) },
      ...options,
    });
  }

  /** Started, and stopped when the test, or all of its file, has ended. */
  static async start(options: PoolSystemOptions, ended = onTestFinished): Promise<PoolSystem> {
    const system = new PoolSystem(options);
    ended(() => system.stop());
    await system.worker.start();
    return system;
  }

  async stop(): Promise<void> {
    await this.worker.stop({ deadlineMs: 0 });
    await this.app.close();
  }

  async send(task: string, args: readonly unknown[] = [], options: CallOptions = {}): Promise<string> {
    return (await this.app.send({ task, args, kwargs: {}, options })).id;
  }

  /** Waits until it has ended. */
  async ended(id: string): Promise<TaskMeta> {
    return this.until(id, ({ status }) => ['SUCCESS', 'FAILURE', 'REVOKED'].includes(status));
  }

  async until(id: string, wanted: (meta: TaskMeta) => boolean): Promise<TaskMeta> {
    const backend = await this.app.backend();
    if (backend === undefined) throw new Error('no result store');
    for await (const _ of backend.watch([id], { signal: AbortSignal.timeout(25_000) })) {
      const [meta] = await backend.get([id]);
      if (meta !== undefined && wanted(meta)) return meta;
    }
    throw new Error(`still ${JSON.stringify(await backend.get([id]))}`);
  }

  async result(task: string, ...args: readonly unknown[]): Promise<unknown> {
    return (await this.run(task, args)).result;
  }

  async run(task: string, args: readonly unknown[] = [], options: CallOptions = {}): Promise<TaskMeta> {
    return this.ended(await this.send(task, args, options));
  }

  pids(): readonly number[] {
    return this.worker.info().steps['pool']?.['processes'] as number[];
  }

  #logger(bindings: object = {}): Celery['logger'] {
    const at = (level: string) => (fields: object, message: string) =>
      void this.logs.push({ level, message, fields: { ...bindings, ...fields } });
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      fatal: at('fatal'),
      child: (more) => this.#logger({ ...bindings, ...more }),
    };
  }
}
