import { type AnyState, type Clock, illegalCall, isReady } from '../../base/index.js';
import { ChangeFeed } from '../change-feed.js';
import { extendedOf } from '../meta-format.js';
import { mayReplace, weightOf } from '../precedence.js';
import type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultBackendContext,
  ResultRecord,
  TaskMeta,
  WatchOptions,
} from '../result-backend.js';
import { decodeBytes, decodeResult, encodeResult, sideEncoder } from '../stored-value.js';

interface Entry {
  readonly status: AnyState;
  /** Encoded as a real store does it: what cannot be stored is refused, and nobody shares objects with the task. */
  readonly result: Uint8Array | null;
  readonly traceback: string | null;
  readonly done: number | null;
  readonly children: Uint8Array | null;
  readonly parentId: string | null;
  readonly extended: Uint8Array | null;
}

const encodeChildren = sideEncoder();
const encodeExtended = sideEncoder('pickle');

/** Celery's `result_expires`: one day. */
const EXPIRES_SECONDS = 86_400;

/** Results of this process only, for tests and for producers and workers in one program. Gone when it ends. */
export class MemoryResultBackend implements ResultBackend {
  readonly capabilities: ResultBackendCapabilities = { notifies: true, children: true };
  readonly url = 'memory://';
  readonly #clock: Clock;
  readonly #expiresMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #groups = new Map<string, GroupMeta>();
  readonly #feed = new ChangeFeed();
  readonly #extended: boolean;
  #closed = false;

  constructor({ options, clock }: Pick<ResultBackendContext, 'options' | 'clock'>) {
    this.#clock = clock;
    this.#extended = options.result_extended === true;
    const expires = options.result_expires ?? EXPIRES_SECONDS;
    this.#expiresMs = Number(expires) > 0 ? Number(expires) * 1000 : Number.POSITIVE_INFINITY;
  }

  async connect(): Promise<void> {
    this.#closed = false;
  }

  async store(record: ResultRecord): Promise<void> {
    if (this.#closed) throw illegalCall('storing a result', 'closed');
    const entry: Entry = {
      status: record.status,
      result: encodeResult(record.status, record.result),
      traceback: record.traceback,
      done: isReady(record.status) ? this.#clock.now() : null,
      children: record.children?.length ? encodeChildren(record.children) : null,
      parentId: record.parentId ?? null,
      extended: this.#extended && record.extended ? encodeExtended(record.extended) : null,
    };
    if (!mayReplace(this.#entries.get(record.taskId)?.status, weightOf(record))) return;
    // Entries stay in the order of their last write, so those to expire first are at the head.
    this.#entries.delete(record.taskId);
    this.#entries.set(record.taskId, entry);
    this.#expire();
    this.#feed.changed(record.taskId);
  }

  async get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    this.#expire();
    return taskIds.map((taskId) => this.#meta(taskId));
  }

  async started(): Promise<readonly string[]> {
    return [...this.#entries].filter(([, { status }]) => status === 'STARTED').map(([taskId]) => taskId);
  }

  watch(taskIds: readonly string[], { signal }: WatchOptions): AsyncIterable<readonly string[]> {
    return this.#feed.follow(taskIds, signal);
  }

  async forget(taskId: string): Promise<void> {
    if (this.#entries.delete(taskId)) this.#feed.changed(taskId);
  }

  async saveGroup(group: GroupMeta): Promise<void> {
    this.#groups.set(group.groupId, { groupId: group.groupId, taskIds: [...group.taskIds] });
  }

  async getGroup(groupId: string): Promise<GroupMeta | undefined> {
    return this.#groups.get(groupId);
  }

  async deleteGroup(groupId: string): Promise<void> {
    this.#groups.delete(groupId);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #meta(taskId: string): TaskMeta {
    const entry = this.#entries.get(taskId);
    if (entry === undefined) {
      return { taskId, status: 'PENDING', result: null, traceback: null, dateDone: null };
    }
    return {
      taskId,
      status: entry.status,
      result: decodeResult(entry.status, entry.result),
      traceback: entry.traceback,
      dateDone: entry.done === null ? null : new Date(entry.done),
      parentId: entry.parentId,
      ...(entry.extended && extendedOf(decodeBytes(entry.extended) as Record<string, unknown>)),
      ...(entry.children && { children: decodeBytes(entry.children) as readonly unknown[] }),
    };
  }

  #expire(): void {
    const oldest = this.#clock.now() - this.#expiresMs;
    for (const [taskId, entry] of this.#entries) {
      if (entry.done === null || entry.done >= oldest) break;
      this.#entries.delete(taskId);
    }
  }
}
