import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Ours, startOurs } from './both.js';
import { type Meeting, PythonCelery, type Running } from './python.js';

const NODE = 'fl@here';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Flower, started against one of our workers. */
export function exerciseFlower(python: string, meeting: () => Meeting): void {
  describe('Flower', () => {
    let ours: Ours;
    let flower: Running;
    let base: string;

    beforeAll(async () => {
      const port = await freePort();
      base = `http://127.0.0.1:${port}`;
      ours = await startOurs(meeting(), { hostname: NODE, taskEvents: true });
      flower = new PythonCelery(python, meeting()).start('flower', '--address=127.0.0.1', `--port=${port}`);
      await flower.line(/Visit me/);
      await vi.waitFor(async () => expect((await fetch(`${base}/api/workers`)).status).toBe(200), 20_000);
    }, 60_000);
    afterAll(async () => {
      await ours.close();
      await flower.stop();
    }, 20_000);

    const get = async <T>(path: string): Promise<T> => {
      const response = await fetch(`${base}${path}`);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      return (await response.json()) as T;
    };
    const post = async (path: string): Promise<string> => {
      const response = await fetch(`${base}${path}`, { method: 'POST' });
      const text = await response.text();
      expect({ path, status: response.status, text }).toMatchObject({ path, status: 200 });
      return text;
    };

    it('shows the worker online with all it tells of itself', async () => {
      const workers = await get<Record<string, Record<string, unknown>>>(
        `/api/workers?refresh=1&workername=${NODE}`,
      );
      const { [NODE]: worker } = workers;
      expect(Object.keys(worker ?? {}).sort()).toEqual(
        [
          'active',
          'active_queues',
          'conf',
          'registered',
          'reserved',
          'revoked',
          'scheduled',
          'stats',
          'timestamp',
        ].sort(),
      );
      expect(worker).toMatchObject({
        active_queues: [{ name: 'our-tasks' }],
        registered: expect.arrayContaining(['ours.add']) as unknown[],
        stats: { pool: { 'max-concurrency': 2 } },
      });
      await expect
        .poll(async () => (await get<Record<string, boolean>>('/api/workers?status=1'))[NODE], {
          timeout: 10_000,
        })
        .toBe(true);
    }, 30_000);

    it('shows tasks with their arguments, results and errors', async () => {
      const { id } = await ours.app.send({ task: 'ours.add', args: [1, 2], kwargs: {}, options: {} });
      const { id: bad } = await ours.app.send({ task: 'ours.fail', args: ['no'], kwargs: {}, options: {} });
      const state = async (task: string): Promise<string | undefined> =>
        (await get<Record<string, { state: string }>>('/api/tasks'))[task]?.state;
      await expect.poll(() => state(id), { timeout: 15_000 }).toBe('SUCCESS');
      await expect.poll(() => state(bad), { timeout: 15_000 }).toBe('FAILURE');
      expect(await get(`/api/task/info/${id}`)).toMatchObject({
        name: 'ours.add',
        args: '(1, 2)',
        kwargs: '{}',
        result: '3',
        state: 'SUCCESS',
        worker: NODE,
        root_id: id,
        retries: 0,
        runtime: expect.any(Number) as number,
      });
      expect(await get(`/api/task/info/${bad}`)).toMatchObject({
        exception: "ValueError('no')",
        traceback: expect.stringContaining('no') as string,
      });
    }, 40_000);

    it('changes what the worker does', async () => {
      expect(await post(`/api/task/rate-limit/ours.add?workername=${NODE}&ratelimit=5/m`)).toContain(
        'new rate limit',
      );
      expect(await post(`/api/task/timeout/ours.add?workername=${NODE}&hard=9&soft=5`)).toContain(
        'time limits set',
      );
      expect(await post(`/api/worker/pool/grow/${NODE}?n=2`)).toContain('Growing');
      await expect.poll(() => ours.worker.concurrency, { timeout: 10_000 }).toBe(4);
      await post(`/api/worker/pool/shrink/${NODE}?n=2`);
      await expect.poll(() => ours.worker.concurrency, { timeout: 10_000 }).toBe(2);
      await post(`/api/worker/queue/add-consumer/${NODE}?queue=flower-queue`);
      expect(ours.worker.info().queues).toContain('flower-queue');
      await post(`/api/worker/queue/cancel-consumer/${NODE}?queue=flower-queue`);
      expect(ours.worker.info().queues).not.toContain('flower-queue');
      const { id } = await ours.app.send({ task: 'ours.wait', args: ['x'], kwargs: {}, options: {} });
      await expect
        .poll(() => ours.worker.info(), { timeout: 10_000 })
        .toMatchObject({ active: [{ name: 'ours.wait' }] });
      await post(`/api/task/revoke/${id}?terminate=true`);
      await expect
        .poll(async () => (await get<{ state: string }>(`/api/task/info/${id}`)).state, { timeout: 15_000 })
        .toBe('REVOKED');
      await post(`/api/worker/shutdown/${NODE}`);
      await ours.worker.stopped;
      await expect
        .poll(async () => (await get<Record<string, boolean>>('/api/workers?status=1'))[NODE], {
          timeout: 10_000,
        })
        .toBe(false);
    }, 60_000);
  });
}
