import { ToolboxError } from '../../base/index.js';
import type { RedisConnection } from '../../redis/index.js';
import { pendingMeta } from '../meta-format.js';
import type { PayloadFormat } from '../payload-format.js';
import type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultRecord,
  TaskMeta,
  WatchOptions,
} from '../result-backend.js';
import { idOf } from '../stored-group.js';
import type { ChordParts } from './chord-parts.js';
import { decodedMeta } from './decoded-meta.js';
import { bufferOf } from './encoded-result.js';
import type { ResultKeys } from './result-keys.js';
import type { ResultListener } from './result-listener.js';
import type { RedisResultOptions } from './result-options.js';
import type { ResultWriter } from './result-writer.js';
import type { ResultsRedis } from './scripts.js';

export interface RedisResultBackendParts {
  readonly url: string;
  readonly connection: RedisConnection<ResultsRedis>;
  readonly keys: ResultKeys;
  readonly options: RedisResultOptions;
  readonly format: PayloadFormat;
  readonly writer: ResultWriter;
  readonly listener: ResultListener;
  readonly chords: ChordParts;
}

/** Keys of one MGET. */
const AT_A_TIME = 1000;

/** Results in Redis, with Celery's keys and values, so that Python and we read each other's. */
export class RedisResultBackend implements ResultBackend {
  readonly capabilities: ResultBackendCapabilities = { notifies: true, children: true };
  readonly url: string;
  readonly chordCounter: ChordParts;
  readonly #parts: RedisResultBackendParts;

  constructor(parts: RedisResultBackendParts) {
    this.#parts = parts;
    this.url = parts.url;
    this.chordCounter = parts.chords;
  }

  async connect(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#parts.connection.open();
  }

  store(record: ResultRecord): Promise<void> {
    return this.#parts.writer.store(record);
  }

  async get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    const ids = [...new Set(taskIds)];
    const metas = new Map<string, TaskMeta>();
    for (let at = 0; at < ids.length; at += AT_A_TIME) {
      const some = ids.slice(at, at + AT_A_TIME);
      const stored = await this.#parts.connection.repeat('read results', (client) =>
        client.mgetBuffer(...some.map((taskId) => this.#parts.keys.task(taskId))),
      );
      const read = await Promise.all(some.map((taskId, n) => this.#meta(taskId, stored[n] ?? null)));
      for (const meta of read) metas.set(meta.taskId, meta);
    }
    return taskIds.map((taskId) => metas.get(taskId) ?? pendingMeta(taskId));
  }

  watch(taskIds: readonly string[], { signal }: WatchOptions): AsyncIterable<readonly string[]> {
    return this.#parts.listener.watch(taskIds, signal);
  }

  async forget(taskId: string): Promise<void> {
    const { connection, keys } = this.#parts;
    await connection.repeat('forget a result', (client) => client.del(keys.task(taskId)));
  }

  async saveGroup({ groupId, taskIds }: GroupMeta): Promise<void> {
    const { connection, keys, options, format } = this.#parts;
    const members = taskIds.map((taskId) => [[taskId, null], null]);
    const encoded = format.encode({ result: [[groupId, null], members] });
    const payload = bufferOf((await format.compress?.(encoded)) ?? encoded);
    await connection.repeat('save a group', (client) =>
      options.expires > 0
        ? client.set(keys.group(groupId), payload, 'EX', options.expires)
        : client.set(keys.group(groupId), payload),
    );
  }

  async deleteGroup(groupId: string): Promise<void> {
    const { connection, keys } = this.#parts;
    await connection.repeat('delete a group', (client) => client.del(keys.group(groupId)));
  }

  async getGroup(groupId: string): Promise<GroupMeta | undefined> {
    const { connection, keys, format } = this.#parts;
    const stored = await connection.repeat('read a group', (client) => client.getBuffer(keys.group(groupId)));
    if (stored === null) return undefined;
    const { result } = (await format.decode(stored)) as { result?: unknown };
    const members = Array.isArray(result) ? (result[1] as unknown) : undefined;
    if (Array.isArray(members)) return { groupId, taskIds: members.map((member) => idOf(member)) };
    throw new ToolboxError('DECODE_FAILED', `What is stored for group ${groupId} is not a group result`, {
      fields: { groupId },
    });
  }

  async close(): Promise<void> {
    await this.#parts.writer.close();
    await Promise.all([this.#parts.listener.close(), this.#parts.connection.close()]);
  }

  async #meta(taskId: string, stored: Buffer | null): Promise<TaskMeta> {
    return stored === null ? pendingMeta(taskId) : decodedMeta(taskId, stored, this.#parts.format);
  }
}
