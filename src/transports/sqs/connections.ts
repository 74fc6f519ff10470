import type { PredefinedQueue } from './options/predefined-queue.js';
import { type ConnectionOptions, SqsConnection } from './sqs-connection.js';

/** One connection for all queues, and one for each set of credentials and region that predefined queues bring along. */
export class Connections {
  readonly main: SqsConnection;
  readonly #options: ConnectionOptions;
  readonly #own = new Map<string, SqsConnection>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.main = new SqsConnection(options);
  }

  of({ access_key_id, secret_access_key, region }: PredefinedQueue): SqsConnection {
    if (access_key_id === undefined && region === undefined) return this.main;
    const key = JSON.stringify([access_key_id, region]);
    const known =
      this.#own.get(key) ??
      new SqsConnection({
        ...this.#options,
        ...(region === undefined ? {} : { region }),
        ...(access_key_id === undefined || secret_access_key === undefined
          ? {}
          : { credentials: { accessKeyId: access_key_id, secretAccessKey: secret_access_key } }),
      });
    this.#own.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([this.main, ...this.#own.values()].map((one) => one.close()));
  }
}
