import { expect, it } from 'vitest';
import type { Signals, TaskRequest } from '../../../src/app/index.js';
import { Emitter } from '../../../src/base/index.js';
import { setupSentry } from '../../../src/toolbox/sentry.js';
import { sentryServer } from '../../support/sentry-server.js';

const request = {
  rootId: 'root',
  retries: 2,
  deliveryInfo: { exchange: 'e', routing_key: 'export', priority: null, redelivered: false },
} as TaskRequest;

it('reports a failed task with its name and id, secrets masked', async () => {
  const server = await sentryServer();
  const signals = new Emitter<Signals>();
  const sentry = await setupSentry({ signals }, { SENTRY_DSN: server.dsn, SENTRY_ENVIRONMENT: 'staging' });
  const error = new TypeError('cannot reach amqp://u:hunter2@host');
  await signals.send('task_failure', {
    task: 'export.project',
    id: 'id-1',
    request,
    error,
    traceback: 'Traceback',
  });
  await sentry?.close(5000);
  expect(server.events()[0]).toMatchObject({
    environment: 'staging',
    tags: {
      task: 'export.project',
      task_id: 'id-1',
      root_id: 'root',
      queue: 'export',
      signal: 'task_failure',
    },
    extra: { retries: 2, traceback: 'Traceback' },
    exception: { values: [{ type: 'TypeError', value: 'cannot reach amqp://u:********@host' }] },
  });
  expect(signals.has('task_failure')).toBe(false);
  server.close();
});

it('does nothing without SENTRY_DSN, and says what is wrong with an unreadable one', async () => {
  const signals = new Emitter<Signals>();
  expect(await setupSentry({ signals }, {})).toBeUndefined();
  await expect(setupSentry({ signals }, { SENTRY_DSN: 'nonsense' })).rejects.toThrow(
    /SENTRY_DSN: expected https/,
  );
});
