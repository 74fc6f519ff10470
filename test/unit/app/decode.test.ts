import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTaskMessage, type TaskMessage } from '../../../src/app/index.js';
import { ToolboxError } from '../../../src/base/index.js';
import type { Delivery } from '../../../src/messaging/index.js';
import { defaultSerializers } from '../../../src/serialization/index.js';

const serializers = defaultSerializers();

const delivery = (parts: Partial<Delivery>): Delivery => ({
  body: Buffer.from('[[], {}, null]'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: {},
  properties: {},
  info: {
    queue: 'export',
    exchange: 'task_exchange',
    routingKey: 'export',
    redelivered: false,
    priority: null,
  },
  lost: new AbortController().signal,
  ack: async () => {},
  reject: async () => {},
  release: async () => {},
  ...parts,
});

const read = (
  headers: object,
  body: unknown = [[], {}, null],
  more: Partial<Delivery> = {},
): Promise<TaskMessage> =>
  decodeTaskMessage(
    delivery({ headers: headers as Delivery['headers'], body: Buffer.from(JSON.stringify(body)), ...more }),
    { serializers, accept: ['json'] },
  );

const sig = {
  task: 'n',
  args: [1],
  kwargs: {},
  options: { task_id: 'x', own: 1 },
  subtask_type: null,
  immutable: true,
};

describe('task messages from the wire', () => {
  it('need a task and an id, nothing else', async () => {
    expect(await read({ task: 't', id: 'i' })).toEqual({
      task: 't',
      id: 'i',
      args: [],
      kwargs: {},
      embed: { callbacks: null, errbacks: null, chain: null, chord: null },
      rootId: 'i',
      parentId: null,
      groupId: null,
      groupIndex: null,
      retries: 0,
      eta: null,
      expires: null,
      timelimit: [null, null],
      ignoreResult: null,
      origin: null,
      shadow: null,
      argsrepr: '()',
      kwargsrepr: '{}',
      replacedTaskNesting: 0,
      snoozes: 0,
      stampedHeaders: null,
      stamps: {},
      correlationId: null,
      replyTo: null,
      priority: null,
      customHeaders: {},
      customProperties: {},
    });
  });

  it('bring everything the protocol has, and what the caller added', async () => {
    const message = await read(
      {
        lang: 'py',
        task: 't',
        id: 'i',
        shadow: 's',
        eta: '2030-01-02T03:04:05',
        expires: '2030-01-02T03:04:05Z',
        group: 'g',
        group_index: 3,
        retries: 2,
        timelimit: [30, 20.5],
        root_id: 'r',
        parent_id: 'p',
        argsrepr: 'A',
        kwargsrepr: 'K',
        origin: 'gen1@h',
        ignore_result: false,
        replaced_task_nesting: 1,
        stamped_headers: ['a'],
        stamps: { a: [1] },
        redelivered: true,
        X: { deep: 1 },
      },
      [[1], { y: 2 }, { callbacks: [sig], errbacks: sig, chain: [sig, { task: 'm' }], chord: sig, extra: 1 }],
      {
        properties: {
          correlation_id: 'c',
          reply_to: 'q',
          priority: 4,
          delivery_mode: 2,
          creator_id: 7,
          is_result: true,
          delivery_tag: 'x',
        },
      },
    );
    expect(message).toMatchObject({
      args: [1],
      kwargs: { y: 2 },
      rootId: 'r',
      parentId: 'p',
      groupId: 'g',
      groupIndex: 3,
      retries: 2,
      timelimit: [30, 20.5],
      ignoreResult: false,
      shadow: 's',
      stampedHeaders: ['a'],
      stamps: { a: [1] },
      correlationId: 'c',
      replyTo: 'q',
      priority: 4,
      eta: '2030-01-02T03:04:05',
      expires: '2030-01-02T03:04:05Z',
      replacedTaskNesting: 1,
      snoozes: 0,
      customHeaders: { X: { deep: 1 } },
      customProperties: { creator_id: 7, is_result: true },
    });
    expect(message.customHeaders).not.toHaveProperty('redelivered');
    const bare = { task: 'm', args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
    expect(message.embed).toEqual({ callbacks: [sig], errbacks: [sig], chain: [sig, bare], chord: sig });
  });

  it('may be of protocol 1, whose taskset overrides its group', async () => {
    const message = await read(
      {},
      {
        task: 't',
        id: 'i',
        args: [1],
        kwargs: { y: 2 },
        group: 'g',
        taskset: 'ts',
        retries: 1,
        utc: true,
        callbacks: [sig],
        errbacks: null,
        chord: sig,
        timelimit: [null, 5],
        eta: null,
        expires: '2030-01-01T00:00:00',
      },
    );
    expect(message).toMatchObject({
      task: 't',
      id: 'i',
      args: [1],
      kwargs: { y: 2 },
      groupId: 'ts',
      retries: 1,
      timelimit: [null, 5],
    });
    expect(message.embed).toEqual({ callbacks: [sig], errbacks: null, chain: null, chord: sig });
    expect(message.argsrepr).toBe('(1,)');
    expect(message.customHeaders).toEqual({});
  });

  it('may be the hybrid: headers of protocol 2 over a body of protocol 1', async () => {
    const message = await read(
      { task: 't', id: 'i', retries: 3 },
      { task: 'old', id: 'old', args: [1], kwargs: {}, retries: 1, root_id: 'r' },
    );
    expect(message).toMatchObject({ task: 't', id: 'i', retries: 3, rootId: 'r', args: [1] });
  });

  it('may be compressed', async () => {
    const body = gzipSync(JSON.stringify([[5], {}, null]));
    expect(
      (await read({ task: 't', id: 'i', compression: 'application/x-gzip' }, null, { body })).args,
    ).toEqual([5]);
  });

  it.each<[string, object, unknown]>([
    ['unknown_message', {}, [[], {}, null]],
    ['unknown_message', {}, { no: 'task' }],
    ['task', { task: '', id: 'i' }, [[], {}, null]],
    ['task', { task: 5, id: 'i' }, [[], {}, null]],
    ['id', { task: 't' }, [[], {}, null]],
    ['id', { task: 't', id: '' }, [[], {}, null]],
    ['id', { task: 't', id: 'x'.repeat(156) }, [[], {}, null]],
    ['id', { task: 't', id: 5 }, [[], {}, null]],
    ['body', { task: 't', id: 'i' }, [[], {}]],
    ['body', { task: 't', id: 'i' }, [[], {}, null, 1]],
    ['body', { task: 't', id: 'i' }, 'text'],
    ['body', { task: 't', id: 'i' }, { kwargs: {} }],
    ['args', { task: 't', id: 'i' }, [{}, {}, null]],
    ['args', { task: 't', id: 'i' }, ['ab', {}, null]],
    ['kwargs', { task: 't', id: 'i' }, [[], [], null]],
    ['kwargs', { task: 't', id: 'i' }, [[], null, null]],
    ['embed', { task: 't', id: 'i' }, [[], {}, []]],
    ['embed', { task: 't', id: 'i' }, [[], {}, { chain: ['x'] }]],
    ['embed', { task: 't', id: 'i' }, [[], {}, { chord: {} }]],
    ['retries', { task: 't', id: 'i', retries: -1 }, [[], {}, null]],
    ['retries', { task: 't', id: 'i', retries: '2' }, [[], {}, null]],
    ['timelimit', { task: 't', id: 'i', timelimit: 5 }, [[], {}, null]],
    ['timelimit', { task: 't', id: 'i', timelimit: ['a', null] }, [[], {}, null]],
    ['eta', { task: 't', id: 'i', eta: 'soon' }, [[], {}, null]],
    ['expires', { task: 't', id: 'i', expires: '2030-13-01' }, [[], {}, null]],
    ['header', { task: 't', id: 'i', group: [] }, [[], {}, null]],
  ])('are refused when wrong: %s, %j, %j', async (reason, headers, body) => {
    const error = await read(headers, body).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'MESSAGE_INVALID', fields: { reason, queue: 'export' } });
  });

  it('tell quarantine what is known of them', async () => {
    const facts = { queue: 'export', task: 't', id: 'i' };
    const headers = { task: 't', id: 'i' };
    await expect(read(headers, null, { body: Buffer.from('{') })).rejects.toMatchObject({
      code: 'DECODE_FAILED',
      fields: { ...facts, reason: 'decode_failed' },
    });
    await expect(read(headers, [], { contentType: 'application/x-python-serialize' })).rejects.toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: expect.stringMatching(
        /^Message i \(t\) from queue export is refused: Refusing to deserialize untrusted content of type pickle/,
      ) as string,
      fields: { ...facts, reason: 'content_disallowed' },
    });
    await expect(read(headers, [], { defect: 'the envelope is no JSON' })).rejects.toMatchObject({
      code: 'MESSAGE_INVALID',
      fields: { reason: 'envelope', queue: 'export' },
    });
    const budget = { maxBytes: 10, maxDepth: 5, maxNodes: 5 };
    const big = delivery({ headers, body: Buffer.from('[[1,2,3,4],{},null]') });
    await expect(decodeTaskMessage(big, { serializers, accept: ['json'], budget })).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      fields: { ...facts, reason: 'budget_exceeded' },
    });
  });

  it('never make anything but a message or a ToolboxError', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom(
            'task',
            'id',
            'retries',
            'eta',
            'group',
            'timelimit',
            'stamps',
            'stamped_headers',
            'ignore_result',
          ),
          fc.jsonValue(),
        ),
        fc.jsonValue(),
        async (headers, body) => {
          const outcome = await read(headers, body).catch((error: unknown) => error);
          expect(outcome instanceof ToolboxError || typeof (outcome as TaskMessage).id === 'string').toBe(
            true,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
