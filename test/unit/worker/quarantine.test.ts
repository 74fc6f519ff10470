import { expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { logQuarantine } from '../../../src/worker/intake/quarantine.js';

it('logs what was set aside and why, and its content at level debug only', async () => {
  const logger = { ...silentLogger, error: vi.fn(), debug: vi.fn() };
  await logQuarantine(logger).put({
    bytes: Buffer.from('{"api_key": "hunter2"'),
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers: { task: 'a.b', id: 'x' },
    properties: {},
    queue: 'export',
    code: 'decode',
    reason: 'it ends too early',
  });
  const [facts] = logger.error.mock.calls[0] ?? [];
  expect(facts).toMatchObject({ queue: 'export', code: 'decode', task: 'a.b', id: 'x', size: 21 });
  expect(JSON.stringify(logger.error.mock.calls)).not.toContain('hunter2');
  expect(JSON.stringify(logger.debug.mock.calls)).toContain('hunter2');
});
