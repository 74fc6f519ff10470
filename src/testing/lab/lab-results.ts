import { isReady } from '../../base/index.js';
import type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultRecord,
  TaskMeta,
  WatchOptions,
} from '../../results/index.js';
import type { Faults, Life } from './faults.js';

/** The result store as one life of the program sees it. The store itself outlives it. */
export class LabResults implements ResultBackend {
  readonly url = 'lab://';
  readonly #store: ResultBackend;
  readonly #faults: Faults;
  readonly #life: Life;
  readonly #stored: (record: ResultRecord) => void;

  constructor(store: ResultBackend, faults: Faults, life: Life, stored: (record: ResultRecord) => void) {
    this.#store = store;
    this.#faults = faults;
    this.#life = life;
    this.#stored = stored;
  }

  get capabilities(): ResultBackendCapabilities {
    return this.#store.capabilities;
  }

  async connect(): Promise<void> {}

  store(record: ResultRecord): Promise<void> {
    return this.#faults.around(this.#life, isReady(record.status) ? 'result' : 'state', async () => {
      await this.#store.store(record);
      // What is final is not replaced: then nothing was stored.
      const [meta] = await this.#store.get([record.taskId]);
      if (meta?.status === record.status) this.#stored(record);
    });
  }

  get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    return this.#faults.around(this.#life, 'read', () => this.#store.get(taskIds));
  }

  watch(taskIds: readonly string[], options: WatchOptions): AsyncIterable<readonly string[]> {
    return this.#store.watch(taskIds, options);
  }

  forget(taskId: string): Promise<void> {
    return this.#store.forget(taskId);
  }

  saveGroup(group: GroupMeta): Promise<void> {
    return this.#store.saveGroup(group);
  }

  getGroup(groupId: string): Promise<GroupMeta | undefined> {
    return this.#store.getGroup(groupId);
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#store.deleteGroup(groupId);
  }

  async close(): Promise<void> {}
}
