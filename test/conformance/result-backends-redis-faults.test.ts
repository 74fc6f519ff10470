import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { AsyncResult, type ResultBackend } from '../../src/results/index.js';
import { createRedisResultBackend } from '../../src/results/redis/index.js';
import { exerciseResultBackend } from '../../src/testing/conformance/result-backends.js';
import { success } from '../../src/testing/conformance/result-backends-bench.js';
import { type Authority, createAuthority } from '../support/certificates.js';
import { NO_REDIS, type OwnRedis, startRedis } from '../support/redis.js';
import {
  type RedisCluster,
  type SentinelGroup,
  startCluster,
  startSentinelGroup,
} from '../support/redis-groups.js';
import { tcpProxy } from '../support/tcp-proxy.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const describeOwn = (name: string, body: () => void): void =>
  void describe.skipIf(skipped)(`${name}${skipped ? ` (${NO_REDIS})` : ''}`, body);

async function connected(url: string, settings: Record<string, unknown> = {}): Promise<ResultBackend> {
  const context = { logger: silentLogger, clock: systemClock, url, options: settings };
  const backend = await createRedisResultBackend(context);
  await backend.connect();
  return backend;
}

/** Signs of life are asked for often, so that a case need not wait for them long. */
const QUICK = { result_backend_transport_options: { health_check_interval: 0.3, socket_timeout: 0.5 } };
const PATIENT = {
  result_backend_transport_options: { ...QUICK.result_backend_transport_options, store_retry_seconds: 30 },
};

describeOwn('results in a Redis that fails', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
  });
  const server = async (port?: number): Promise<OwnRedis> => {
    const redis = await startRedis([], port);
    open.push({ close: () => redis.kill() });
    return redis;
  };
  const backend = async (url: string, settings: Record<string, unknown> = QUICK): Promise<ResultBackend> => {
    const made = await connected(url, settings);
    open.push(made);
    return made;
  };
  /** Somebody who waits for a result, and is subscribed to it. */
  const waiting = async (reader: ResultBackend, redis: OwnRedis, id: string) => {
    const value = new AsyncResult(id, { backend: async () => reader }).get({ timeout: 25 });
    const client = new Redis(redis.url, { protocol: 2 });
    const key = `celery-task-meta-${id}`;
    while (Number((await client.pubsub('NUMSUB', key))[1]) === 0) await systemClock.sleep(5);
    client.disconnect();
    return { value };
  };

  it('killed and started again while somebody waits: the result comes', async () => {
    const redis = await server();
    const [reader, writer] = [await backend(redis.url), await backend(redis.url, PATIENT)];
    const id = randomUUID();
    const { value } = await waiting(reader, redis, id);
    await redis.kill();
    const storing = writer.store(success(id, 'after the crash'));
    await server(redis.port);
    await storing;
    expect(await value).toBe('after the crash');
  });

  it('killed while it stores: the result is stored when it is back', async () => {
    const redis = await server();
    const writer = await backend(redis.url, PATIENT);
    const ids = Array.from({ length: 500 }, () => randomUUID());
    const storing = Promise.all(ids.map((id, n) => writer.store(success(id, n))));
    await redis.kill();
    const settled = storing.then(() => 'stored');
    await server(redis.port);
    expect(await settled).toBe('stored');
    // What was stored before the crash is lost with it: the store promised no more than Redis does.
    const metas = await writer.get(ids);
    expect(metas.every(({ status }) => status === 'SUCCESS' || status === 'PENDING')).toBe(true);
    await Promise.all(ids.map((id, n) => writer.store(success(id, n))));
    expect((await writer.get(ids)).map(({ result }) => result)).toEqual(ids.map((_, n) => n));
  });

  it('away for longer than the patience: the store says so, and takes the next result', async () => {
    const redis = await server();
    const writer = await backend(redis.url, {
      result_backend_transport_options: {
        ...QUICK.result_backend_transport_options,
        store_retry_seconds: 0.2,
      },
    });
    await redis.kill();
    const id = randomUUID();
    await expect(writer.store(success(id, 1))).rejects.toMatchObject({ code: 'RESULT_BACKEND_UNREACHABLE' });
    await server(redis.port);
    await writer.store(success(id, 2));
    expect((await writer.get([id]))[0]?.result).toBe(2);
  });

  it('result_backend_always_retry: readers ask as often as it says, or until it is back', async () => {
    const redis = await server();
    const bounded = await backend(redis.url, {
      ...QUICK,
      result_backend_always_retry: true,
      result_backend_max_retries: 3,
      result_backend_max_sleep_between_retries_ms: 20,
    });
    const patient = await backend(redis.url, { ...QUICK, result_backend_always_retry: true });
    await redis.kill();
    const id = randomUUID();
    await expect(bounded.get([id])).rejects.toMatchObject({ code: 'RESULT_BACKEND_UNREACHABLE' });
    const reading = patient.get([id]);
    await server(redis.port);
    expect(await reading).toMatchObject([{ status: 'PENDING' }]);
  });

  it('a line that is dead without being cut: waiting and storing go on', async () => {
    const redis = await server();
    const proxy = await tcpProxy('127.0.0.1', redis.port);
    open.push(proxy);
    const through = `redis://127.0.0.1:${proxy.port}/0`;
    const [reader, writer] = [await backend(through), await backend(redis.url)];
    const [id, other] = [randomUUID(), randomUUID()];
    const { value } = await waiting(reader, redis, id);
    proxy.freeze();
    await writer.store(success(id, 'told by nobody'));
    expect(await value).toBe('told by nobody');
    await reader.store(success(other, 1));
    expect((await writer.get([other]))[0]?.result).toBe(1);
  });

  it('a subscriber that is cut off at the moment of the publish gets its result', async () => {
    const redis = await server();
    const [reader, writer] = [await backend(redis.url), await backend(redis.url)];
    const client = new Redis(redis.url, { protocol: 2 });
    open.push({ close: async () => client.disconnect() });
    const [id, sample] = [randomUUID(), randomUUID()];
    await writer.store(success(sample, 'here'));
    const stored = await client.getBuffer(`celery-task-meta-${sample}`);
    const { value } = await waiting(reader, redis, id);
    // In one transaction, so that nothing can come in between: cut off, stored, told.
    const [[, cut] = []] =
      (await client
        .multi()
        .call('CLIENT', 'KILL', 'TYPE', 'pubsub')
        .set(`celery-task-meta-${id}`, stored ?? '')
        .publish(`celery-task-meta-${id}`, stored ?? '')
        .exec()) ?? [];
    expect(cut).toBe(1);
    expect(await value).toBe('here');
  });

  it('a result that is stored and never told of is found', async () => {
    const redis = await server();
    const [reader, writer] = [await backend(redis.url), await backend(redis.url)];
    const client = new Redis(redis.url, { protocol: 2 });
    open.push({ close: async () => client.disconnect() });
    const [id, sample] = [randomUUID(), randomUUID()];
    await writer.store(success(sample, 'silent'));
    const { value } = await waiting(reader, redis, id);
    await client.set(`celery-task-meta-${id}`, (await client.getBuffer(`celery-task-meta-${sample}`)) ?? '');
    expect(await value).toBe('silent');
  });

  it('settings name what redis:// leaves out', async () => {
    const redis = await startRedis(['--requirepass', 'open']);
    open.push({ close: () => redis.kill() });
    const made = await backend('redis://', {
      redis_host: '127.0.0.1',
      redis_port: redis.port,
      redis_db: 3,
      redis_password: 'open',
      redis_socket_timeout: 2,
    });
    const id = randomUUID();
    await made.store(success(id, 1));
    const client = new Redis(`redis://:open@127.0.0.1:${redis.port}/3`, { protocol: 2 });
    open.push({ close: async () => client.disconnect() });
    expect(await client.exists(`celery-task-meta-${id}`)).toBe(1);
    await expect(connected(`redis://:wrong@127.0.0.1:${redis.port}/3`)).rejects.toMatchObject({
      code: 'RESULT_BACKEND_REFUSED',
    });
  });
});

describeOwn('results in Redis over TLS', () => {
  let authority: Authority;
  let redis: OwnRedis;
  beforeAll(async () => {
    authority = createAuthority();
    const { cert, key } = authority.issue(['DNS:localhost', 'IP:127.0.0.1']);
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', authority.ca];
    redis = await startRedis((port) => [
      '--port',
      '0',
      '--tls-port',
      port,
      ...files,
      '--tls-auth-clients',
      'no',
    ]);
  });
  afterAll(async () => {
    await redis.kill();
    authority.remove();
  });

  exerciseResultBackend('redis over TLS', {
    runner: { describe, it },
    create: () =>
      connected(`rediss://127.0.0.1:${redis.port}/0`, {
        redis_backend_use_ssl: { ssl_ca_certs: authority.ca },
      }),
  });

  it('a server of an unknown authority is refused', async () => {
    await expect(connected(`rediss://127.0.0.1:${redis.port}/0`)).rejects.toMatchObject({
      message: expect.stringMatching(/certificate/) as string,
    });
  });
});

describeOwn('results in Redis behind sentinels', () => {
  let group: SentinelGroup;
  beforeAll(async () => {
    group = await startSentinelGroup();
  });
  afterAll(() => group.close());
  const options = (): Record<string, unknown> => ({
    result_backend_transport_options: {
      ...PATIENT.result_backend_transport_options,
      master_name: group.masterName,
    },
  });

  exerciseResultBackend('redis behind sentinels', {
    runner: { describe, it },
    create: () => connected(group.url, options()),
  });

  it('the master is lost: what waits and what is stored go on with the promoted replica', async () => {
    const [reader, writer] = [await connected(group.url, options()), await connected(group.url, options())];
    const id = randomUUID();
    const value = new AsyncResult(id, { backend: async () => reader }).get({ timeout: 40 });
    await group.master.kill();
    await writer.store(success(id, 'elsewhere'));
    expect(await value).toBe('elsewhere');
    await Promise.all([reader.close(), writer.close()]);
  }, 60_000);
});

describeOwn('results in a Redis cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.close());
  const options = { result_backend_transport_options: { global_keyprefix: 'r{r}:' } };

  exerciseResultBackend('redis cluster', {
    runner: { describe, it },
    create: () => connected(cluster.url, options),
  });

  it('its slot moves: what waits and what is stored go on', async () => {
    const [reader, writer] = [await connected(cluster.url, options), await connected(cluster.url, options)];
    const id = randomUUID();
    const value = new AsyncResult(id, { backend: async () => reader }).get({ timeout: 25 });
    await cluster.move('r{r}:');
    await writer.store(success(id, 'moved'));
    expect(await value).toBe('moved');
    await Promise.all([reader.close(), writer.close()]);
  });
});
