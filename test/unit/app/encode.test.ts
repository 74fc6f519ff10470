import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { bodyOf, NOW, recordingApp } from './recording.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('task messages', () => {
  it('are those of the protocol reference', async () => {
    const { app, transport } = recordingApp();
    const add1 = { task: 'wt.add', args: [1], kwargs: {}, options: {}, subtask_type: null, immutable: false };
    await app.send({
      task: 'wt.add',
      args: [2],
      kwargs: { y: 3 },
      options: {
        task_id: 'e46d475b',
        countdown: 10,
        expires: 120,
        priority: 5,
        shadow: 'nick',
        time_limit: 30,
        soft_time_limit: 20,
        ignore_result: true,
        headers: { X: 1 },
        link: add1,
        link_error: [{ ...add1, task: 'wt.errcb', args: [] }],
        creator_id: 7,
        is_result: true,
      },
    });
    const [sent] = transport.sent;
    expect(sent?.exchange).toBe('');
    expect(sent?.routingKey).toBe('celery');
    expect(sent?.message.contentType).toBe('application/json');
    expect(sent?.message.contentEncoding).toBe('utf-8');
    expect(sent?.message.properties).toEqual({
      delivery_mode: 2,
      priority: 5,
      correlation_id: 'e46d475b',
      reply_to: app.replyTo,
      expiration: '120000',
      creator_id: 7,
      is_result: true,
    });
    expect(app.replyTo).toMatch(UUID);
    expect(sent?.message.headers).toEqual({
      lang: 'ts',
      task: 'wt.add',
      id: 'e46d475b',
      shadow: 'nick',
      eta: '2026-11-23T00:40:39.455000+00:00',
      expires: '2026-11-23T00:42:29.455000+00:00',
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [30, 20],
      root_id: 'e46d475b',
      parent_id: null,
      argsrepr: '(2,)',
      kwargsrepr: "{'y': 3}",
      origin: `gen${process.pid}@${hostname()}`,
      ignore_result: true,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
      X: 1,
    });
    expect(bodyOf(sent!)).toEqual([
      [2],
      { y: 3 },
      { callbacks: [add1], errbacks: [{ ...add1, task: 'wt.errcb', args: [] }], chain: null, chord: null },
    ]);
    expect(sent?.message.group).toBe('e46d475b');
    expect(sent?.message.deduplicationId).toBe('e46d475b:0:0');
  });

  it('leave to the worker what they do not know', async () => {
    const { app, transport } = recordingApp();
    await app.send({ task: 'other.task', args: [], kwargs: {}, options: { priority: null } });
    const { headers, properties } = transport.sent[0]!.message;
    expect(headers['ignore_result']).toBeNull();
    expect(headers['id']).toMatch(UUID);
    expect(properties).not.toHaveProperty('priority');
    expect(properties).not.toHaveProperty('expiration');
  });

  it('carry the family, retries and replacements in group and deduplication id', async () => {
    const { app, transport } = recordingApp();
    const options = { task_id: 'i', root_id: 'r', retries: 2, replaced_task_nesting: 1 };
    await app.send({ task: 't', args: [], kwargs: {}, options });
    expect(transport.sent[0]?.message).toMatchObject({ group: 'r', deduplicationId: 'i:2:1' });
  });

  it('write times as they are given, and a past expiry as 0', async () => {
    const { app, transport } = recordingApp();
    const send = (options: Record<string, unknown>): Promise<unknown> =>
      app.send({ task: 't', args: [], kwargs: {}, options });
    await send({ eta: '2026-11-23T00:40:40', countdown: 0 });
    await send({ eta: new Date(NOW + 545), expires: new Date(NOW - 1000) });
    await send({ expires: '2026-11-23T00:40:39.455Z' });
    expect(
      transport.sent.map(({ message }) => [
        message.headers['eta'],
        message.headers['expires'],
        message.properties.expiration,
      ]),
    ).toEqual([
      ['2026-11-23T00:40:40', null, undefined],
      ['2026-11-23T00:40:30+00:00', '2026-11-23T00:40:28.455000+00:00', '0'],
      [null, '2026-11-23T00:40:39.455Z', '10000'],
    ]);
  });

  it.each([
    [{ countdown: -2_147_483_649 }, /countdown .*got -2147483649/],
    [{ eta: 'tomorrow' }, /eta .*got tomorrow/],
    [{ eta: new Date(Number.NaN) }, /eta .*valid Date/],
    [{ expires: Number.NaN }, /expires/],
  ])('refuse %o', async (options, message) => {
    const { app, transport } = recordingApp();
    await expect(app.send({ task: 't', args: [], kwargs: {}, options })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message) as string,
    });
    expect(transport.sent).toEqual([]);
  });

  it('are delayed by the broker as far as it can', async () => {
    const { app, transport } = recordingApp({}, { maxDelaySeconds: 900 });
    for (const countdown of [0.5, 30.7, 4000]) {
      await app.send({ task: 't', args: [], kwargs: {}, options: { countdown } });
    }
    expect(transport.sent.map(({ message }) => message.delaySeconds)).toEqual([undefined, 30, 900]);
    expect(transport.sent.every(({ message }) => message.headers['eta'] !== null)).toBe(true);
  });

  it('carry stamps as headers, not as properties', async () => {
    const { app, transport } = recordingApp();
    await app.send({ task: 't', args: [], kwargs: {}, options: { stamped_headers: ['a'], a: 1, b: 2 } });
    const { headers, properties } = transport.sent[0]!.message;
    expect([headers['stamped_headers'], headers['stamps'], properties['a'], properties['b']]).toEqual([
      ['a'],
      { a: 1 },
      undefined,
      2,
    ]);
  });

  it('compress and say so', async () => {
    const { app, transport } = recordingApp({ task_compression: 'gzip' });
    await app.send({ task: 't', args: ['x'.repeat(10_000)], kwargs: {}, options: {} });
    expect(transport.sent[0]?.message.headers['compression']).toBe('application/x-gzip');
    expect(transport.sent[0]?.message.body.length).toBeLessThan(200);
  });

  it('hold tuples when they are pickled, as Python’s do', async () => {
    const { app, transport } = recordingApp();
    await app.send({ task: 'a', args: [1], kwargs: {}, options: { serializer: 'pickle' } });
    const { body, contentType } = transport.sent[0]!.message;
    expect(contentType).toBe('application/x-python-serialize');
    // Protocol 4; a tuple that begins with a tuple of 1; and at the end of it all a tuple, not a list.
    const text = Buffer.from(body).toString('hex');
    expect(text).toMatch(/^800428284b0174/);
    expect(text).toMatch(/742e$/);
  });

  it('never show arguments that sound secret or are named so', async () => {
    const { app, transport } = recordingApp();
    const { defineTask } = await import('../../../src/app/index.js');
    defineTask(app, 'mail', { redact: ['text'] }, (to: string, text: string) => `${to}${text}`);
    await app.send({ task: 'mail', args: ['a@b', 'hidden'], kwargs: {}, options: {} });
    await app.send({
      task: 'mail',
      args: ['a@b'],
      kwargs: { text: 'hidden', api_key: 'hidden' },
      options: {},
    });
    const shown = transport.sent.map(
      ({ message }) => `${message.headers['argsrepr']} ${message.headers['kwargsrepr']}`,
    );
    expect(shown).toEqual(["('a@b', '********') {}", "('a@b',) {'text': '********', 'api_key': '********'}"]);
  });
});
