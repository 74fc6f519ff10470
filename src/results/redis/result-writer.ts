import { createHash } from 'node:crypto';
import { type Clock, hasCode, type Logger, ToolboxError } from '../../base/index.js';
import type { RedisConnection } from '../../redis/index.js';
import type { PayloadFormat } from '../payload-format.js';
import { mayReplace } from '../precedence.js';
import type { ResultRecord } from '../result-backend.js';
import { StoreQueue, type WriteVerdict } from '../store-queue.js';
import { decodedMeta } from './decoded-meta.js';
import { compressed, type EncodedResult, encodeRecord } from './encoded-result.js';
import type { ResultKeys } from './result-keys.js';
import type { RedisResultOptions } from './result-options.js';
import type { ResultsRedis } from './scripts.js';

export interface ResultWriterParts {
  readonly connection: RedisConnection<ResultsRedis>;
  readonly keys: ResultKeys;
  readonly options: RedisResultOptions;
  readonly format: PayloadFormat;
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds that closing waits for a Redis that is away. */
const CLOSING_BUDGET_MS = 10_000;

/** Stores results: gathered into one script call, guarded, repeated when Redis was away. */
export class ResultWriter {
  readonly #parts: ResultWriterParts;
  readonly #queue: StoreQueue<EncodedResult>;

  constructor(parts: ResultWriterParts) {
    this.#parts = parts;
    this.#queue = new StoreQueue({
      write: (rows) => this.#write(rows),
      budgetMs: parts.options.store_retry_seconds * 1000,
      closingBudgetMs: CLOSING_BUDGET_MS,
      verdictOf,
      translated: asStoreError,
      shown: parts.url,
      logger: parts.logger,
      clock: parts.clock,
    });
  }

  /** Resolves when Redis has the record. */
  async store(record: ResultRecord): Promise<void> {
    const { format, clock } = this.#parts;
    await this.#queue.add(encodeRecord(record, clock.now(), format));
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  /** Two records of one task in a script are written one after the other, as in two. */
  async #write(rows: readonly EncodedResult[]): Promise<void> {
    const packed = await Promise.all(rows.map((row) => compressed(row, this.#parts.format)));
    let open = packed.map((row) => ({ row, seen: '' }));
    while (open.length > 0) {
      const answers = await this.#send(open);
      const again: typeof open = [];
      for (const [n, { row }] of open.entries()) {
        const stored = answers[n];
        if (!(stored instanceof Uint8Array)) continue;
        const { status } = await decodedMeta(row.taskId, stored, this.#parts.format);
        if (!mayReplace(status, row.weight)) continue;
        again.push({ row, seen: createHash('sha1').update(stored).digest('hex') });
      }
      open = again;
    }
  }

  #send(writes: readonly { readonly row: EncodedResult; readonly seen: string }[]) {
    const { connection, keys, options } = this.#parts;
    const args = writes.flatMap(({ row, seen }) => [
      row.payload,
      row.status === 'FAILURE' ? options.failureExpires : options.expires,
      row.weight === 'outcome' ? '1' : '0',
      seen,
    ]);
    return connection.run('store results', (client) =>
      client.wtStoreBuffer(writes.length, ...writes.map(({ row }) => keys.task(row.taskId)), ...args),
    );
  }
}

function verdictOf(error: unknown): WriteVerdict {
  if (hasCode(error, 'RESULT_BACKEND_UNREACHABLE')) return 'transient';
  return isOfKey(error) ? 'data' : 'refused';
}

/** The key holds something that is no result. */
const isOfKey = (error: unknown): boolean =>
  error instanceof ToolboxError && error.fields['reply'] === 'WRONGTYPE';

function asStoreError(error: unknown, what: string): Error {
  if (!(error instanceof ToolboxError)) throw error;
  const code = isOfKey(error) ? 'ENCODE_FAILED' : error.code;
  return new ToolboxError(code, `Cannot ${what}: ${error.message}`, { cause: error, fields: error.fields });
}
