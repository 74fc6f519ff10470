import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSqsServer } from '../../../../src/embedded/sqs/index.js';

describe('the server as a service', () => {
  it('listens on loopback, on the port asked for', async () => {
    const server = await startSqsServer();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    await server.close();
    const again = await startSqsServer({ port: server.state === 'stopped' ? 0 : -1 });
    await again.close();
  });

  it('may be stopped twice and started again, not started twice', async () => {
    const server = await startSqsServer();
    await expect(server.start()).rejects.toMatchObject({ code: 'STATE_INVALID' });
    await Promise.all([server.stop(), server.stop()]);
    await server.stopped;
    await server.stop();
    expect(server.state).toBe('stopped');
    expect(() => server.port).toThrow(/stopped/);
    await server.start();
    expect(server.state).toBe('running');
    await server.stop();
  });

  it('says when the port is taken, gives the folder free, and starts when the port is', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const dataDir = await mkdtemp(join(tmpdir(), 'sqs-'));
    const start = startSqsServer({ port, dataDir });
    await expect(start).rejects.toMatchObject({ code: 'EMBEDDED_FAILED', fields: { port } });
    other.close();
    await once(other, 'close');
    const server = await startSqsServer({ port, dataDir });
    onTestFinished(() => server.close());
    expect(server.port).toBe(port);
  });
});
