import type { SignatureData } from '../../../../src/app/index.js';
import { silentLogger } from '../../../../src/base/index.js';
import { Celery, Config, createWorker, type Worker } from '../../../../src/index.js';
import { createSyncTasks, type Family, Ledger, postgresDatabase } from '../../../../src/platform/index.js';
import type { ResultTuple, TaskMeta } from '../../../../src/results/index.js';
import { celeryPython } from '../../../support/python.js';
import type { Signers } from '../../../support/signers.js';
import { platformTables } from './database.js';
import { Gate } from './gate.js';
import type { Place } from './place.js';
import { type Call, type Plan, sendPlan } from './plan.js';
import {
  type PythonFamily,
  type PythonProducer,
  type PythonSeen,
  type PythonWorker,
  startProducer,
  startPythonWorker,
} from './python-process.js';
import { defineTasks } from './typescript-tasks.js';

/** How long something may take that must happen. */
const PATIENCE_S = 25;
/** Tasks our worker holds at a time: what it runs, and none besides. */
export const HELD_HERE = 4;
/** What kombu names the same. */
export const COMPRESSIONS = ['gzip', 'bzip2', 'brotli', 'lzma', 'zstd'] as const;
const QUEUES = ['py', 'ts', 'both'] as const;

export type Language = 'python' | 'typescript';
/** Where a task runs: only the Python worker takes `py`, only ours `ts`, either of them `both`. */
export type Prefix = (typeof QUEUES)[number];

/** How a task ended, as each language reads it from the one row. */
export interface Seen {
  readonly meta: TaskMeta;
  readonly python: PythonSeen;
}

export interface SystemOptions {
  /** Format of Python's arguments and results. Ours accepts it. Default json. */
  readonly serializer?: 'json' | 'pickle';
  /** What messages may be in, at both. Default: JSON and `serializer`. */
  readonly accept?: readonly string[];
  /** Both sign every message, and take no other; with these keys. */
  readonly signers?: Signers;
  /** The interpreter. Default: the one with the newest Celery. */
  readonly interpreter?: string;
  /** Its Celery is older than 5.3. */
  readonly older?: boolean;
}

/** Whose key signs, and whom both believe. */
const securityFiles = (signers: Signers, who: Language): Record<string, string> => ({
  security_key: signers.key(who),
  security_certificate: signers.cert(who),
  security_cert_store: `${signers.folder}/*.pem`,
});

/** The id of what a chord leads to: of the last step where it is a chain. */
const bodyId = ({ options }: SignatureData): string => String(options['task_id']);

/** What a system is made of. */
interface Parts {
  readonly database: string;
  readonly ledger: Ledger;
  readonly producer: Celery;
  readonly python: PythonProducer;
  readonly pythonWorker: PythonWorker;
  readonly worker: Worker;
  readonly unlocker: Worker;
  /** Told after each batch that sync-tasks has recorded. */
  readonly recorded: Set<() => void>;
  readonly unlockedHere: ReadonlySet<string>;
  readonly gate: Gate;
  readonly closing: (() => Promise<unknown>)[];
}

/** A platform of two languages: one broker, one database, a producer and a worker in each, and sync-tasks. */
export class System {
  /** Ids of tasks that must leave no result. */
  readonly ignored = new Set<string>();
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async start(place: Place, database: string, options: SystemOptions = {}): Promise<System> {
    const closing: (() => Promise<unknown>)[] = [() => place.remove()];
    try {
      return new System(await System.#open(place, database, closing, options));
    } catch (error) {
      await closeAll(closing).catch(() => {});
      throw error;
    }
  }

  static async #open(
    place: Place,
    database: string,
    closing: (() => Promise<unknown>)[],
    options: SystemOptions,
  ): Promise<Parts> {
    const { serializer = 'json', interpreter = celeryPython() ?? '', older = false, signers } = options;
    const accept = signers ? ['auth'] : (options.accept ?? ['json', serializer]);
    await platformTables(database);
    // Both languages are given the very same URL.
    const results = `db+${database.replace('postgresql:', 'postgresql+psycopg2:')}`;
    const app = (): Celery => {
      const made = new Celery('interop', { json: { envelopes: !older } }).configFromObject(
        new Config(
          {
            QUEUES,
            broker_url: place.url,
            broker_transport_options: place.options,
            result_backend: results,
            accept_content: accept,
            accept_compression: COMPRESSIONS,
            result_serializer: serializer,
            ...(signers && { task_serializer: 'auth', ...securityFiles(signers, 'typescript') }),
          },
          {},
        ),
      );
      if (signers) made.setupSecurity();
      closing.push(() => made.close());
      return made;
    };
    const store = postgresDatabase({ url: database, logger: silentLogger });
    closing.push(() => store.close());
    const recorded = new Set<() => void>();
    const onBatch = (): void => {
      for (const look of recorded) look();
    };
    const sync = createSyncTasks(app(), { database: store, onBatch });
    closing.push(() => sync.stop());

    const unlockedHere = new Set<string>();
    const gate = new Gate();
    const makeWorker = (queues: readonly string[]): Worker => {
      const own = app();
      defineTasks(own, gate);
      own.signals.on('task_received', ({ task, request }) => {
        if (task === 'celery.chord_unlock') unlockedHere.add(bodyId(request.args[1] as SignatureData));
      });
      const quarantine = { put: async () => {} };
      const made = createWorker(own, { queues, concurrency: HELD_HERE, prefetchMultiplier: 1, quarantine });
      closing.push(() => made.stop({ deadlineMs: 0 }));
      return made;
    };
    const worker = makeWorker(['ts', 'both']);
    const unlocker = makeWorker(['celery']);
    const env = {
      PEER_PYTHON: interpreter,
      PEER_BROKER_URL: place.url,
      PEER_RESULT_URL: results,
      PEER_QUEUES: QUEUES.join(','),
      PEER_SERIALIZER: serializer,
      PEER_ACCEPT: accept.join(),
      ...(signers && { PEER_SECURITY: JSON.stringify(securityFiles(signers, 'python')) }),
      // The worker may be run as root; with pickle it asks to be told so.
      C_FORCE_ROOT: 'true',
    };
    const [python, pythonWorker] = await Promise.all([
      startProducer(env, database),
      startPythonWorker(env, ['py', 'both']),
      sync.start(),
      worker.start(),
      unlocker.start(),
    ]);
    closing.push(
      () => python.stop(),
      () => pythonWorker.stop(),
    );
    const producer = app();
    const ledger = new Ledger({ database: store, results: () => producer.backend() });
    return {
      database,
      ledger,
      producer,
      python,
      pythonWorker,
      worker,
      unlocker,
      recorded,
      unlockedHere,
      gate,
      closing,
    };
  }

  get database(): string {
    return this.#parts.database;
  }

  get ledger(): Ledger {
    return this.#parts.ledger;
  }

  get producer(): Celery {
    return this.#parts.producer;
  }

  get python(): PythonProducer {
    return this.#parts.python;
  }

  get pythonWorker(): PythonWorker {
    return this.#parts.pythonWorker;
  }

  /** Ids of the bodies whose `celery.chord_unlock` our worker was given. */
  get unlockedHere(): ReadonlySet<string> {
    return this.#parts.unlockedHere;
  }

  /** Where `both.hold` waits when our worker runs it. */
  get gate(): Gate {
    return this.#parts.gate;
  }

  /** Sends a workflow from a program of that language. */
  send(from: Language, plan: Plan, call: Call = {}): Promise<ResultTuple> {
    return from === 'python' ? this.python.send(plan, call) : sendPlan(this.producer, plan, call);
  }

  /** Waits until a task has ended, and reads its row in both languages. */
  async ended(id: string): Promise<Seen> {
    const result = this.producer.asyncResult(id);
    await result.get({ propagate: false, timeout: PATIENCE_S });
    return this.stored(id);
  }

  async stored(id: string): Promise<Seen> {
    const [meta, python] = await Promise.all([this.producer.asyncResult(id).result(), this.python.seen(id)]);
    return { meta, python };
  }

  /** Waits until the platform has recorded a family, or so many tasks of it, and all have ended; as we and as Python derive it. */
  async family(
    root: string,
    complete: number | ((types: readonly string[]) => boolean),
  ): Promise<{ readonly ours: Family; readonly python: PythonFamily }> {
    const { members } = await this.#tracked(root, complete);
    const results = members.map(({ taskId }) => this.producer.asyncResult(taskId));
    await Promise.all(results.map((result) => result.get({ propagate: false, timeout: PATIENCE_S })));
    const [ours, python] = await Promise.all([this.#tracked(root, complete), this.python.family(root)]);
    return { ours, python };
  }

  /** From now on the Python worker is the one that watches chords. */
  async unlockAtPython(): Promise<void> {
    await this.#parts.unlocker.stop();
    const [[id]] = await this.send('python', { task: 'py.listen', args: ['celery'] });
    await this.ended(id);
  }

  /** Ends both workers when they have nothing left to run; resolves with the Python worker's exit code. */
  async stopWorkers(): Promise<number | null> {
    const [code] = await Promise.all([
      this.pythonWorker.stop(),
      this.#parts.worker.stop({ deadlineMs: 10_000 }),
      this.#parts.unlocker.stop({ deadlineMs: 10_000 }),
    ]);
    return code;
  }

  close(): Promise<void> {
    return closeAll(this.#parts.closing);
  }

  async #tracked(root: string, complete: number | ((types: readonly string[]) => boolean)): Promise<Family> {
    let family: Family | undefined;
    let late: NodeJS.Timeout | undefined;
    let listener: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const look = (): void => {
          this.ledger.family(root).then((found) => {
            family = found;
            const types = found?.members.map(({ type }) => type).filter((type) => type !== 'unknown') ?? [];
            const enough = typeof complete === 'number' ? types.length >= complete : complete(types);
            if (found !== undefined && enough) resolve(found);
          }, reject);
        };
        late = setTimeout(
          () => reject(new Error(`recorded of the family so far: ${JSON.stringify(family)}`)),
          PATIENCE_S * 1000,
        );
        listener = look;
        this.#parts.recorded.add(look);
        look();
      });
    } finally {
      clearTimeout(late);
      if (listener !== undefined) this.#parts.recorded.delete(listener);
    }
  }
}

/** In reverse order, each whatever became of the others. */
async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing.toReversed()) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'the system did not close');
}
