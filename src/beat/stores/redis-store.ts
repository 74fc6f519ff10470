import type { Redis } from 'ioredis';
import { type Logger, maskUrl, messageOf, ToolboxError } from '../../base/index.js';
import { EMPTY, type ScheduleDocument } from './document.js';
import { type DocumentHolder, DocumentStore } from './document-store.js';
import type { EntryStore } from './entry-store.js';

export interface RedisStoreOptions {
  readonly url: string;
  /** Whose entries: they are kept under `workertoolbox:beat:` and that name. */
  readonly app: string;
  readonly logger: Logger;
}

/** Writes only over what was read; tells everybody. */
const REPLACE = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('PUBLISH', KEYS[1], '')
return 1`;

const COMMAND_TIMEOUT_MS = 5000;
const TRIES = 50;

/**
 * Entries in one key of Redis, whose clock judges the lead. As durable as that Redis is: after a failover that lost writes,
 * a run may be decided on twice, under the same id.
 *
 * @throws DRIVER_MISSING
 */
export async function redisEntryStore({ url, app, logger }: RedisStoreOptions): Promise<EntryStore> {
  const RedisClient = await loadDriver();
  const options = { lazyConnect: true, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS };
  const client = new RedisClient(url, options);
  client.on('error', (error) => logger.debug({ error: messageOf(error) }, 'beat: redis'));
  return new DocumentStore(new RedisDocument(client, `workertoolbox:beat:${app}`, maskUrl(url)));
}

class RedisDocument implements DocumentHolder {
  readonly place: string;
  readonly #client: Redis;
  readonly #key: string;
  #listener: Redis | undefined;

  constructor(client: Redis, key: string, place: string) {
    this.#client = client;
    this.#key = key;
    this.place = place;
  }

  transact: DocumentHolder['transact'] = async (change) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const [text, now] = await this.#read();
      const known = text === '' ? EMPTY : (JSON.parse(text) as ScheduleDocument);
      const [document, result] = change(known, now);
      if (document === known) return result;
      if (await this.#replace(text, JSON.stringify(document))) return result;
    }
    throw new ToolboxError(
      'STORE_UNREACHABLE',
      `schedule in ${this.place}: others change it without a pause`,
    );
  };

  watch(onChange: () => void): () => void {
    const listener = (this.#listener ??= this.#listen());
    listener.on('message', onChange);
    return () => void listener.off('message', onChange);
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    this.#listener?.disconnect();
  }

  #listen(): Redis {
    const listener = this.#client.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
    listener.on('error', () => undefined);
    listener.subscribe(this.#key).catch(() => undefined);
    return listener;
  }

  async #read(): Promise<readonly [text: string, now: number]> {
    try {
      const [text, [seconds = 0, micros = 0]] = await Promise.all([
        this.#client.get(this.#key),
        this.#client.time(),
      ]);
      return [text ?? '', Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)];
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #replace(known: string, next: string): Promise<boolean> {
    try {
      return (await this.#client.eval(REPLACE, 1, this.#key, known, next)) === 1;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): ToolboxError {
    const refused = /^(NOAUTH|WRONGPASS|NOPERM|READONLY|WRONGTYPE)/.test(messageOf(error));
    return new ToolboxError(
      refused ? 'STORE_REFUSED' : 'STORE_UNREACHABLE',
      `schedule in ${this.place}: ${messageOf(error)}`,
      { cause: error, fields: { url: this.place } },
    );
  }
}

async function loadDriver(): Promise<typeof Redis> {
  try {
    return (await import('ioredis')).Redis;
  } catch (error) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      'a schedule in Redis needs the package ioredis: npm install ioredis',
      {
        cause: error,
        fields: { package: 'ioredis' },
      },
    );
  }
}
