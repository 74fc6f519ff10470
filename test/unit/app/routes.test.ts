import { describe, expect, it } from 'vitest';
import { defineTask, type SettingsInput } from '../../../src/app/index.js';
import type { Queue } from '../../../src/messaging/index.js';
import { recordingApp } from './recording.js';

const exchange = { name: 'task_exchange', type: 'topic' } as const;
const queue = (name: string, routingKey = name): Queue => ({ name, exchange, routingKey });
/** The architecture of the toolbox: every queue on one topic exchange, a tap that gets all. */
const CADASTA: SettingsInput = {
  task_queues: [
    queue('celery'),
    { ...queue('platform.fifo', '#'), tap: true },
    queue('export'),
    queue('msg'),
  ],
  task_routes: (name: string) => ({ exchange: 'task_exchange', routing_key: name.split('.')[0] ?? '' }),
};

async function goes(
  settings: SettingsInput,
  task: string,
  options: Record<string, unknown> = {},
): Promise<string> {
  const { app, transport } = recordingApp(settings);
  await app.send({ task, args: [], kwargs: {}, options });
  const { exchange: to, routingKey } = transport.sent[0] ?? { exchange: 'nowhere', routingKey: '' };
  return `${to}/${routingKey}`;
}

describe('calls go', () => {
  it.each<[string, SettingsInput, string, Record<string, unknown>, string]>([
    ['to the default queue by the anonymous exchange', {}, 'a.b', {}, '/celery'],
    ['to a renamed default queue', { task_default_queue: 'mine' }, 'a.b', {}, '/mine'],
    [
      'through a default exchange that is no direct one',
      { task_default_exchange: 'x', task_default_exchange_type: 'topic' },
      'a.b',
      {},
      'x/celery',
    ],
    ['to any queue, made on the way', {}, 'a.b', { queue: 'other' }, '/other'],
    ['where a router says', CADASTA, 'export.project', {}, 'task_exchange/export'],
    ['to the celery queue for tasks of Celery', CADASTA, 'celery.chord_unlock', {}, 'task_exchange/celery'],
    [
      'to a named queue through its own exchange',
      CADASTA,
      'export.project',
      { queue: 'msg' },
      'task_exchange/msg',
    ],
    [
      'to a named queue that is not on the exchange, directly',
      CADASTA,
      'export.project',
      { queue: 'other' },
      '/other',
    ],
    [
      'by a route of their own',
      CADASTA,
      'a.b',
      { exchange: 'task_exchange', routing_key: 'msg' },
      'task_exchange/msg',
    ],
    [
      'by exact name before pattern',
      { task_routes: { 'a.*': 'star', 'a.b': { queue: 'exact' } } },
      'a.b',
      {},
      '/exact',
    ],
    [
      'by the first pattern that fits',
      {
        task_routes: [
          [
            ['x.*', 'no'],
            ['a.?', 'never'],
            ['a.*', 'yes'],
            [/^a/, 'late'],
          ],
        ],
      },
      'a.b',
      {},
      '/yes',
    ],
    ['by a regular expression', { task_routes: [[[/^(a|c)\./, 're']]] }, 'c.d', {}, '/re'],
    [
      'by the first router that answers',
      { task_routes: [() => null, { z: 'no' }, () => 'third'] },
      'a.b',
      {},
      '/third',
    ],
    ['to the default queue when no router answers', { task_routes: () => undefined }, 'a.b', {}, '/celery'],
    [
      'where the call says, before any router',
      { task_routes: () => 'routed' },
      'a.b',
      { queue: 'given' },
      '/given',
    ],
    ['by the name of another task', CADASTA, 'celery.map', { route_name: 'msg.send' }, 'task_exchange/msg'],
  ])('%s', async (_title, settings, task, options, expected) => {
    expect(await goes(settings, task, options)).toBe(expected);
  });

  it('where their task says', async () => {
    const { app, transport } = recordingApp();
    const task = defineTask(
      app,
      'a.b',
      { queue: 'own', priority: 3, timeLimit: 9, expires: 60, ignoreResult: true },
      () => 1,
    );
    await task.delay();
    await task.applyAsync({ args: [], queue: 'other', priority: 1 });
    expect(
      transport.sent.map(({ routingKey, message }) => [routingKey, message.properties.priority]),
    ).toEqual([
      ['own', 3],
      ['other', 1],
    ]);
    expect(transport.sent[0]?.message).toMatchObject({
      headers: { timelimit: [9, null], ignore_result: true },
      properties: { expiration: '60000' },
    });
  });

  it('without a time to live where a tap gets a copy: the broker would drop that as well', async () => {
    const { app, transport } = recordingApp(CADASTA);
    await app.send({ task: 'export.x', args: [], kwargs: {}, options: { expires: 60 } });
    expect(transport.sent[0]?.message.properties).not.toHaveProperty('expiration');
    expect(transport.sent[0]?.message.headers).toMatchObject({ expires: expect.any(String) as string });
  });

  it('with the options of their route, their own first', async () => {
    const { app, transport } = recordingApp({
      task_routes: () => ({ queue: 'q', priority: 2, creator_id: 1, serializer: 'json' }),
    });
    await app.send({ task: 't', args: [], kwargs: {}, options: { creator_id: 7 } });
    expect(transport.sent[0]?.message.properties).toMatchObject({ priority: 2, creator_id: 7 });
  });

  it('nowhere when no queue would take them', async () => {
    const { app, transport } = recordingApp(CADASTA);
    await expect(app.send({ task: 'nobody.knows', args: [], kwargs: {}, options: {} })).rejects.toMatchObject(
      {
        code: 'UNROUTABLE',
        message:
          'No queue would take task nobody.knows: exchange task_exchange has no queue for routing key nobody; ' +
          'known keys: celery, export, msg. Add the queue to task_queues (or QUEUES), or route the task elsewhere',
        fields: {
          task: 'nobody.knows',
          exchange: 'task_exchange',
          routingKey: 'nobody',
          keys: ['celery', 'export', 'msg'],
        },
      },
    );
    expect(transport.log).toEqual([]);
  });

  it('to exchanges of others unchecked, and to no tap by its name', async () => {
    expect(await goes(CADASTA, 'a.b', { exchange: '', routing_key: 'theirs' })).toBe('/theirs');
    await expect(goes(CADASTA, 'a.b', { exchange: '', routing_key: 'platform.fifo' })).rejects.toMatchObject({
      code: 'UNROUTABLE',
    });
    expect(await goes(CADASTA, 'a.b', { exchange: 'theirs', routing_key: 'k' })).toBe('theirs/k');
  });

  it('nowhere without a routing key, and to no new queue where that is forbidden', async () => {
    await expect(goes({}, 'a.b', { exchange: 'theirs' })).rejects.toMatchObject({ code: 'UNROUTABLE' });
    await expect(goes({ task_create_missing_queues: false }, 'a.b', { queue: 'new' })).rejects.toMatchObject({
      code: 'NOT_DECLARED',
    });
  });
});
