import type { WorkerPlan } from '../children/plans.js';
import { ChaosProcess } from './chaos-process.js';

/** The workers of a row: always as many as it has, whatever becomes of one of them. */
export class Fleet {
  readonly #plan: WorkerPlan;
  readonly #workers: ChaosProcess[] = [];
  #kept = false;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
  }

  get workers(): readonly ChaosProcess[] {
    return this.#workers;
  }

  async grow(count: number): Promise<void> {
    const added = Array.from({ length: count }, () => this.#start());
    this.#workers.push(...added);
    await Promise.all(added.map((worker) => worker.ready()));
  }

  /** A fresh worker in the place of one that was ended, or is being. */
  async replace(old: ChaosProcess): Promise<void> {
    const fresh = this.#start();
    this.#workers[this.#workers.indexOf(old)] = fresh;
    await fresh.ready();
  }

  /** From now on a worker that ends by itself is replaced. */
  keep(): void {
    this.#kept = true;
    for (const worker of this.#workers) this.#watch(worker);
  }

  async close(): Promise<void> {
    this.#kept = false;
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  #start(): ChaosProcess {
    const worker = new ChaosProcess('worker', this.#plan);
    if (this.#kept) this.#watch(worker);
    return worker;
  }

  #watch(worker: ChaosProcess): void {
    void worker.ended.then(() => {
      // One that dies while it starts is replaced as well: whoever waits for it hears of its end.
      if (this.#kept && this.#workers.includes(worker)) this.replace(worker).catch(() => undefined);
    });
  }
}
