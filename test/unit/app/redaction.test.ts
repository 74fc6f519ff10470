import { describe, expect, it } from 'vitest';
import { decodeContext, decodeTaskMessage } from '../../../src/app/index.js';
import { Celery, Config, createWorker, type Logger, signature } from '../../../src/index.js';
import type { Delivery } from '../../../src/messaging/index.js';
import { trackedTask } from '../../../src/platform/tracking/tracked-task.js';

const CANARY = 'canary-7f3a';

/** Writes down everything that is logged, at every level. */
function listening(): { readonly logger: Logger; readonly heard: unknown[] } {
  const heard: unknown[] = [];
  const say = (...parts: unknown[]): void => void heard.push(parts);
  const logger: Logger = {
    trace: say,
    debug: say,
    info: say,
    warn: say,
    error: say,
    fatal: say,
    child: () => logger,
  } as never;
  return { logger, heard };
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item instanceof Error ? `${item.message} ${item.stack}` : item,
  );

describe('what is not to be seen', () => {
  it('is in the body alone: not in headers, logs or the ledger', async () => {
    const { logger, heard } = listening();
    const app = new Celery('canary', { logger }).configFromObject(
      new Config(
        {
          broker_url: 'memory://',
          result_backend: 'cache+memory://',
          QUEUES: ['mail'],
          result_extended: true,
        },
        {},
      ),
    );
    const done: unknown[] = [];
    app.task(
      'mail.send',
      { redact: ['text'] },
      (to: string, text: string) => void done.push(`${to} ${text}`),
    );
    app.task('mail.login', (user: string, password: string) => void done.push(`${user} ${password}`));
    app.task('mail.all', (x: unknown) => void done.push(x));
    const sent: { headers: unknown; message: Parameters<typeof trackedTask>[0] }[] = [];
    app.signals.on('before_task_publish', async ({ message }) => {
      const delivery = {
        ...message,
        info: { queue: '', exchange: '', routingKey: '' },
      } as unknown as Delivery;
      sent.push({ headers: message.headers, message: await decodeTaskMessage(delivery, decodeContext(app)) });
    });
    const worker = createWorker(app, { queues: ['mail', 'celery'], concurrency: 2 });
    await worker.start();
    const calls = [
      { task: 'mail.send', args: ['a', CANARY] },
      { task: 'mail.send', kwargs: { to: 'a', text: CANARY } },
      { task: 'mail.login', args: ['a', CANARY] },
      { task: 'mail.login', kwargs: { user: 'a', password: CANARY } },
      { task: 'mail.all', args: [{ deep: [{ api_key: CANARY }] }] },
      { task: 'mail.all', args: [`postgresql://u:${CANARY}@h/d`] },
    ];
    const results = await Promise.all(
      calls.map(({ task, args = [], kwargs = {} }) =>
        app.send({ task, args, kwargs, options: { token: CANARY } }),
      ),
    );
    // A workflow's own task holds the calls of others.
    await app.send({
      task: 'celery.starmap',
      args: [],
      kwargs: { task: signature(app, 'mail.send', { args: [] }), it: [['a', CANARY]] },
      options: { task_id: 'map' },
    });
    for (const result of results) await result.get({ timeout: 10 });
    await worker.stop();
    await app.close();
    expect(done).toHaveLength(7);
    expect(shown(done)).toContain(CANARY);
    const rows = sent.map(({ message }) =>
      trackedTask(message, {
        properties: { token: CANARY },
        info: { exchange: '', routingKey: '' },
      } as unknown as Delivery),
    );
    expect(shown(sent.map(({ headers }) => headers))).not.toContain(CANARY);
    expect(shown(heard)).not.toContain(CANARY);
    expect(shown(rows)).not.toContain(CANARY);
    expect(rows[0]?.input).toBe('{"args":["a","********"],"kwargs":{}}');
    expect(rows[4]?.input).toBe('{"args":[{"deep":[{"api_key":"********"}]}],"kwargs":{}}');
  });
});
