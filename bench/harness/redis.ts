import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';

/** A Redis of the benchmark's own, without persistence, and the harness' hand in it. */
export class RedisServer {
  readonly url: string;
  readonly client: Redis;
  readonly #stop: () => Promise<void>;

  constructor(url: string, client: Redis, stop: () => Promise<void>) {
    this.url = url;
    this.client = client;
    this.#stop = stop;
  }

  static installed(): boolean {
    return spawnSync('redis-server', ['--version']).status === 0;
  }

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', tmpdir(), '--save', ''];
    const server = spawn('redis-server', [...args, '--appendonly', 'no'], { stdio: 'ignore' });
    const exited = once(server, 'exit');
    const url = `redis://127.0.0.1:${port}/0`;
    const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    // Refused until the server listens; it is asked again.
    client.on('error', () => undefined);
    const failed = exited.then(([code]) => Promise.reject(new Error(`redis-server ended with ${code}`)));
    await Promise.race([client.ping(), failed]).catch((error: unknown) => {
      client.disconnect();
      throw error;
    });
    failed.catch(() => undefined);
    return new RedisServer(url, client, async () => {
      client.disconnect();
      server.kill('SIGTERM');
      await exited;
    });
  }

  /** Puts texts into a list, the first at its end, where consumers take. */
  async fill(list: string, count: number, make: (n: number) => string): Promise<void> {
    for (let n = 0; n < count; n += 1_000) {
      const size = Math.min(1_000, count - n);
      await this.client.lpush(list, ...Array.from({ length: size }, (_, at) => make(n + at)));
    }
  }

  depth(list: string): Promise<number> {
    return this.client.llen(list);
  }

  /** Keys in the database. */
  keys(): Promise<number> {
    return this.client.dbsize();
  }

  /** Clients that have asked to be told of changes: a worker of ours that waits for messages is one. */
  async waiting(): Promise<number> {
    return Number(/^tracking_clients:(\d+)/m.exec(await this.client.info('clients'))?.[1] ?? 0);
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
