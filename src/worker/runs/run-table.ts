import { ChurnMap } from '../../base/index.js';
import type { Run, RunPhase } from './run.js';

/** Every message in this worker's hands, by task id. */
export class RunTable {
  readonly #byId = new ChurnMap<string, Run>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Run | undefined {
    return this.#byId.get(id);
  }

  add(run: Run): void {
    this.#byId.set(run.id, run);
  }

  remove(run: Run): void {
    if (this.#byId.get(run.id) === run) this.#byId.delete(run.id);
  }

  /** Oldest first. */
  all(): Run[] {
    return this.#byId.values();
  }

  /** Those in one of the phases, oldest first. */
  in(...phases: readonly RunPhase[]): Run[] {
    return this.#byId.values().filter((run) => phases.includes(run.phase));
  }
}
