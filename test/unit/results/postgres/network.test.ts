import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { AsyncResult } from '../../../../src/results/index.js';
import { started, success } from '../../../../src/testing/conformance/result-backends-bench.js';
import { tcpProxy } from '../../../support/tcp-proxy.js';
import { resultDatabase } from './bench.js';

const database = await resultDatabase();
const server = new URL(database.url);
const proxy = await tcpProxy(server.hostname, Number(server.port));
afterAll(() => proxy.close());
const through = new URL(database.url);
through.port = String(proxy.port);
const patient = { result_backend_transport_options: { store_retry_seconds: 60 } };

describe('a network that breaks', () => {
  it('leaves no outcome wrong when connections are reset while statements are on their way', async () => {
    const backend = database.open({ url: through.href, options: patient });
    await backend.connect();
    const ids: string[] = [];
    const stores: Promise<void>[] = [];
    for (let round = 0; round < 60; round += 1) {
      const id = randomUUID();
      ids.push(id);
      stores.push(backend.store(started(id)), backend.store(success(id, round)));
      // A different number of turns each time: before, while and after the bytes of a statement pass.
      for (let turn = 0; turn < round % 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      proxy.reset();
    }
    await Promise.all(stores);
    const metas = await backend.get(ids);
    expect(metas.map((meta) => meta.result)).toEqual(ids.map((_, round) => round));
  });

  it('is given up when it swallows everything, for storing, reading and waiting', async () => {
    const backend = database.open({ url: through.href, options: patient });
    await backend.connect();
    const [stored, awaited] = [randomUUID(), randomUUID()];
    await backend.store(success(stored, 1));
    const waiting = new AsyncResult(awaited, { backend: async () => backend }).get({ timeout: 60 });
    await backend.get([stored]);
    proxy.freeze();
    const before = performance.now();
    const [meta] = await Promise.all([backend.get([stored]), backend.store(success(awaited, 'in the end'))]);
    expect(meta[0]?.result).toBe(1);
    expect(await waiting).toBe('in the end');
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});
