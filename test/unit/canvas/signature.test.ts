import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  chain,
  chord,
  group,
  Signature,
  signature,
  taskFactory,
  taskIdsOf,
} from '../../../src/canvas/index.js';
import { type AsyncResult, GroupResult } from '../../../src/results/index.js';
import { bodyOf, type Recording, recordingApp } from '../app/recording.js';

function canvas(settings = {}) {
  const recording = recordingApp(settings);
  const task = taskFactory(recording.app);
  const add = task('wt.add', (x: number, y: number) => x + y);
  const total = task('wt.total', (numbers: number[]) => numbers.reduce((a, b) => a + b, 0));
  const note = task('wt.note', (what?: unknown) => void what);
  return { ...recording, task, add, total, note };
}

const tasksSent = ({ transport }: Pick<Recording, 'transport'>): unknown[] =>
  transport.sent.map(({ message }) => message.headers['task']);

describe('a signature', () => {
  it('has the wire form of the protocol', () => {
    const { add, total } = canvas();
    expect(JSON.parse(JSON.stringify(add.s(1, 2)))).toEqual({
      task: 'wt.add',
      args: [1, 2],
      kwargs: {},
      options: {},
      subtask_type: null,
      immutable: false,
    });
    expect(add.si(1, 2).toJSON()).toMatchObject({ immutable: true });
    expect(JSON.parse(JSON.stringify(group(add.s(1, 2))))).toEqual({
      task: 'celery.group',
      args: [],
      kwargs: { tasks: [add.s(1, 2).toJSON()] },
      options: {},
      subtask_type: 'group',
      immutable: false,
    });
    expect(JSON.parse(JSON.stringify(chord([add.s(1, 2)], total.s())))).toMatchObject({
      task: 'celery.chord',
      kwargs: { kwargs: {}, header: [{ task: 'wt.add' }], body: { task: 'wt.total' } },
      subtask_type: 'chord',
    });
    expect(add.map([1]).toJSON()).toMatchObject({
      task: 'celery.map',
      kwargs: { task: { task: 'wt.add' }, it: [1] },
      subtask_type: null,
      immutable: true,
    });
  });

  it('never changes', () => {
    const { add, note } = canvas();
    const one = add.s(1, 2);
    const before = JSON.stringify(one);
    one.set({ queue: 'q', is_result: true });
    one.link(note.s()).linkError(note.s());
    one.clone([0], { z: 1 }, { priority: 1 });
    group([one]).link(note.si());
    one.freeze();
    expect(JSON.stringify(one)).toBe(before);
    expect(Object.isFrozen(one)).toBe(true);
  });

  it('is set and cloned as in Celery', () => {
    const { add } = canvas();
    expect(add.s(2).set({ queue: 'q', immutable: true }).toJSON()).toMatchObject({
      options: { queue: 'q' },
      immutable: true,
    });
    expect(
      add
        .s(2)
        .set({ queue: 'q', group_id: 'g' })
        .clone([1], { k: 1 }, { queue: 'r', group_id: 'other', none: null })
        .toJSON(),
    ).toMatchObject({
      args: [1, 2],
      kwargs: { k: 1 },
      options: { queue: 'r', group_id: 'g' },
    });
    expect(add.si(1, 2).clone([0], { k: 1 }).toJSON()).toMatchObject({ args: [1, 2], kwargs: {} });
  });

  it('is sent with arguments in front, or as it is when immutable', async () => {
    const { add, transport } = canvas();
    await add.s(2).delay(1);
    await add
      .s(2)
      .set({ priority: 3 })
      .applyAsync({ args: [1], creator_id: 7 });
    await add.si(5, 6).delay('ignored');
    expect(transport.sent.map((sent) => bodyOf(sent)[0])).toEqual([
      [1, 2],
      [1, 2],
      [5, 6],
    ]);
    expect(transport.sent[1]?.message.properties).toMatchObject({ priority: 3, creator_id: 7 });
  });

  it('of a task with a schema carries its input as keywords', async () => {
    const { task, transport } = canvas();
    const project = task(
      'export.project',
      { input: z.object({ org: z.string(), size: z.number() }) },
      ({ org }) => org,
    );
    await project.s({ org: 'o', size: 1 }).delay();
    await project.s({ size: 1 }).delay({ org: 'p' });
    expect(transport.sent.map((sent) => bodyOf(sent).slice(0, 2))).toEqual([
      [[], { org: 'o', size: 1 }],
      [[{ org: 'p' }], { size: 1 }],
    ]);
  });

  it('is stamped with all that belongs to it', async () => {
    const { add, total, note, transport } = canvas();
    await chord([add.s(1, 2).link(note.s())], total.s())
      .stamp({ who: 'a', why: 1 })
      .stamp({ who: 'b' })
      .applyAsync();
    const [unlock, part] = transport.sent;
    expect(part?.message.headers).toMatchObject({
      stamped_headers: ['who', 'why'],
      stamps: { who: 'b', why: 1 },
    });
    expect(part?.message.properties).not.toHaveProperty('who');
    expect(bodyOf(part!)[2]).toMatchObject({
      callbacks: [{ options: { who: 'b', why: 1 } }],
      chord: { options: { who: 'b' } },
    });
    expect(bodyOf(unlock!)[0][1]).toMatchObject({ options: { stamped_headers: ['who', 'why'] } });
  });

  it('can be given its id before it is sent', async () => {
    const { add, app, transport } = canvas();
    const { signature: frozen, result } = chain(add.s(1, 2), add.s(3)).freeze('last');
    expect([result.id, frozen.id, (result as AsyncResult).parent?.id]).toEqual([
      'last',
      'last',
      taskIdsOf(frozen)[0],
    ]);
    expect((await frozen.applyAsync()).id).toBe('last');
    expect(transport.sent[0]?.message.headers['id']).toBe(taskIdsOf(frozen)[0]);
    expect(bodyOf(transport.sent[0]!)[2]['chain']).toMatchObject([
      { options: { task_id: 'last', reply_to: app.replyTo } },
    ]);
  });

  it('needs an app to be sent, and to be a signature', async () => {
    await expect(signature(undefined, 'a').delay()).rejects.toMatchObject({ code: 'CANVAS_INVALID' });
    expect(() => new Signature(undefined, { tsk: 'a' } as never)).toThrow(
      expect.objectContaining({ code: 'CANVAS_INVALID' }) as Error,
    );
    const [one, other] = [canvas(), canvas()];
    expect(() => chain(one.add.s(1, 2), other.add.s(1))).toThrow(/belong to one app/);
  });

  it('gives callbacks their place in the message', async () => {
    const { add, note, transport } = canvas();
    await add.s(1, 2).link(note.s()).link(add.s(5)).link(note.s()).linkError(note.si('x')).delay();
    const [, , embed] = bodyOf(transport.sent[0]!);
    expect(embed['callbacks']).toEqual([note.s().toJSON(), add.s(5).toJSON()]);
    expect(embed['errbacks']).toEqual([note.si('x').toJSON()]);
  });
});

describe('a chain', () => {
  it('splices chains, unrolls groups of one, leaves out what is empty, makes chords', () => {
    const { add, total } = canvas();
    const kinds = (sig: { toJSON(): { kwargs: Readonly<Record<string, unknown>> } }): unknown =>
      (sig.toJSON().kwargs['tasks'] as { task: string }[] | undefined)?.map(({ task }) => task);
    expect(kinds(chain([add.s(1, 2), chain(add.s(3), chain(add.s(4), add.s(5)))]))).toEqual([
      'wt.add',
      'wt.add',
      'wt.add',
      'wt.add',
    ]);
    expect(kinds(chain([add.s(1, 2), group(add.s(3)), group([]), add.s(4)]))).toEqual([
      'wt.add',
      'wt.add',
      'wt.add',
    ]);
    expect(chain([add.s(1, 2)]).toJSON()).toEqual(add.s(1, 2).toJSON());
    expect(chain([group([]), group([])]).toJSON()).toMatchObject({
      task: 'celery.group',
      kwargs: { tasks: [] },
    });
    const upgraded = chain([add.s(1, 2), group(add.s(3), add.s(4)), total.s(), add.s(5)]);
    expect(kinds(upgraded)).toEqual(['wt.add', 'celery.chord']);
    expect(upgraded.toJSON().kwargs['tasks']).toMatchObject([
      {},
      {
        kwargs: {
          body: { task: 'celery.chain', kwargs: { tasks: [{ task: 'wt.total' }, { task: 'wt.add' }] } },
        },
      },
    ]);
    const twice = chain([group(add.s(1, 2), add.s(3, 4)), group(add.s(1), add.s(2)), total.s()]);
    expect(twice.toJSON()).toMatchObject({
      task: 'celery.chord',
      kwargs: { body: { task: 'celery.chord', kwargs: { body: { task: 'wt.total' } } } },
    });
    expect(kinds(chain([chord([add.s(1, 2)], total.s()), chord([add.s(1)], total.s())]))).toEqual([
      'celery.chord',
      'celery.chord',
    ]);
  });

  it('puts its link on the last task and its errback on every one; an errback given when sending replaces them', async () => {
    const { add, note, transport } = canvas();
    const flow = chain([add.s(1, 2), add.s(3), add.s(4)])
      .link(note.s())
      .linkError(note.si('own'));
    await flow.applyAsync();
    await flow.applyAsync({ link_error: note.si('given') });
    const links = transport.sent.map((sent) => {
      const { errbacks, chain: later } = bodyOf(sent)[2] as {
        errbacks: { args: unknown[] }[];
        chain: { options: Record<string, { args: unknown[] }[]> }[];
      };
      return [errbacks, ...later.map(({ options }) => options['link_error'])].map((list) =>
        list?.map(({ args }) => args[0]),
      );
    });
    expect(links).toEqual([
      [['own'], ['own'], ['own']],
      [['given'], ['given'], ['given']],
    ]);
    expect(bodyOf(transport.sent[0]!)[2]['chain']).toMatchObject([
      { args: [4], options: { link: [{ task: 'wt.note' }] } },
      { args: [3] },
    ]);
  });

  it('keeps what was to follow already', async () => {
    const { add, transport, app } = canvas();
    const { applySignature } = await import('../../../src/canvas/index.js');
    await applySignature(app, chain([add.s(2), add.s(3)]), {
      args: [1],
      options: { chain: [add.s(9).toJSON()] },
    });
    expect(bodyOf(transport.sent[0]!)[2]['chain']).toMatchObject([{ args: [9] }, { args: [3] }]);
    await applySignature(app, group(add.s(1), add.s(2)), {
      args: [0],
      options: { chain: [add.s(9).toJSON()] },
    });
    expect(tasksSent({ transport }).slice(1)).toEqual(['celery.chord_unlock', 'wt.add', 'wt.add']);
    expect(bodyOf(transport.sent[1]!)[0][1]).toMatchObject({ task: 'wt.add', args: [9] });
  });

  it('gives the results of all its tasks as parents', async () => {
    const { add } = canvas();
    const result = await chain(add.s(1, 2), add.s(3), add.s(4)).applyAsync();
    const ids = [result.id, result.parent?.id, result.parent?.parent?.id];
    expect(new Set(ids).size).toBe(3);
    expect(result.parent?.parent?.parent).toBeUndefined();
  });

  it('of nothing cannot be sent', async () => {
    const { app } = canvas();
    await expect(signature(app, chain([]).toJSON()).applyAsync()).rejects.toMatchObject({
      code: 'CANVAS_INVALID',
    });
  });
});

describe('a group', () => {
  it('gives a group result with its members, and counts nested members on', async () => {
    const { add, transport } = canvas();
    const result = await group([add.s(1, 2), group([add.s(3, 4), add.s(5, 6)])]).applyAsync();
    expect(result).toBeInstanceOf(GroupResult);
    const sent = transport.sent.map(({ message: { headers } }) => [
      headers['id'],
      headers['group'],
      headers['group_index'],
    ]);
    expect(sent).toEqual(result.results.map(({ id }, at) => [id, result.id, at]));
  });

  it('has no callbacks when it is sent; its link goes to the first task, its errback to all', async () => {
    const { add, note, transport } = canvas();
    await expect(group(add.s(1, 2)).applyAsync({ link: note.s() })).rejects.toMatchObject({
      code: 'CANVAS_INVALID',
    });
    await group(add.s(1, 2), add.s(3, 4)).link(note.si('x')).linkError(note.s()).applyAsync();
    const embeds = transport.sent.map((sent) => bodyOf(sent)[2]);
    expect(embeds.map(({ callbacks }) => callbacks)).toEqual([[{ ...note.si('x').toJSON() }], null]);
    expect(embeds.map(({ errbacks }) => (errbacks as unknown[]).length)).toEqual([1, 1]);
  });

  it('of nothing is an empty result', async () => {
    const { transport, app } = canvas();
    const result = (await signature(app, group([]).toJSON()).applyAsync()) as GroupResult;
    expect([result.results, transport.sent]).toEqual([[], []]);
  });

  it('stops after a failure and tells it', async () => {
    const { add, transport } = canvas({ task_publish_retry: false });
    transport.failures = () => new Error('refused');
    await expect(group(Array.from({ length: 500 }, () => add.s(1, 2))).applyAsync()).rejects.toThrow(
      'refused',
    );
    expect(transport.log.filter((entry) => entry === 'failed')).toHaveLength(200);
  });
});

describe('a chord', () => {
  it('sends its unlock first, where its body goes', async () => {
    const exchange = { name: 'task_exchange', type: 'topic' } as const;
    const { task, transport, app } = canvas({
      task_queues: ['celery', 'export', 'msg'].map((name) => ({ name, exchange, routingKey: name })),
      task_routes: (name: string) => ({ exchange: 'task_exchange', routing_key: name.split('.')[0] ?? '' }),
    });
    const part = task('msg.part', (n: number) => n);
    const end = task('export.end', (n: number[]) => n.length);
    const result = await chord([part.s(1), part.s(2)])(end.s().set({ is_result: true }));
    await chord([part.s(1)], end.s().set({ queue: 'celery' })).applyAsync();
    expect(transport.sent.map(({ message, routingKey }) => [message.headers['task'], routingKey])).toEqual([
      ['celery.chord_unlock', 'export'],
      ['msg.part', 'msg'],
      ['msg.part', 'msg'],
      ['celery.chord_unlock', 'celery'],
      ['msg.part', 'msg'],
    ]);
    const [unlock, first] = transport.sent;
    const gid = first?.message.headers['group'];
    const body = {
      task: 'export.end',
      args: [],
      kwargs: {},
      options: { task_id: result.id, reply_to: app.replyTo, group_id: gid, is_result: true },
      subtask_type: null,
      immutable: false,
    };
    expect(bodyOf(unlock!)).toEqual([
      [gid, body],
      {
        interval: null,
        max_retries: null,
        result: transport.sent.slice(1, 3).map(({ message }) => [[message.headers['id'], null], null]),
      },
      { callbacks: null, errbacks: null, chain: null, chord: null },
    ]);
    expect(unlock?.message.headers).toMatchObject({
      eta: '2026-11-23T00:40:30.455000+00:00',
      ignore_result: true,
      group: null,
    });
    expect(unlock?.message.properties).not.toHaveProperty('priority');
    expect(bodyOf(first!)[2]['chord']).toEqual(body);
  });

  it('holds its header back with countdown, and hands the rest to header and body', async () => {
    const { add, total, transport } = canvas();
    await chord([add.s(1, 2)], total.s()).applyAsync({
      countdown: 30,
      creator_id: 7,
      interval: 5,
      max_retries: 9,
      task_id: 'body',
    });
    const [unlock, part] = transport.sent;
    expect(part?.message.headers['eta']).toBe('2026-11-23T00:40:59.455000+00:00');
    expect(part?.message.properties).toHaveProperty('creator_id', 7);
    expect(unlock?.message.headers['eta']).toBe('2026-11-23T00:40:30.455000+00:00');
    const [[, body], kwargs] = bodyOf(unlock!);
    expect(kwargs).toMatchObject({ interval: 5, max_retries: 9 });
    expect((body as { options: object }).options).toEqual(
      expect.objectContaining({ task_id: 'body', creator_id: 7 }),
    );
    expect((body as { options: object }).options).not.toHaveProperty('countdown');
  });

  it('has its callbacks on the body, its errbacks on the header too where that is set', async () => {
    for (const task_allow_error_cb_on_chord_header of [false, true]) {
      const { add, total, note, transport } = canvas({ task_allow_error_cb_on_chord_header });
      await chord([add.s(1, 2)], total.s())
        .link(note.s())
        .linkError(note.si('e'))
        .applyAsync({ link: note.si('later') });
      const [[, body]] = bodyOf(transport.sent[0]!);
      expect(body).toMatchObject({
        options: { link: [{ args: [] }, { args: ['later'] }], link_error: [{ args: ['e'] }] },
      });
      expect(bodyOf(transport.sent[1]!)[2]['errbacks']).toEqual(
        task_allow_error_cb_on_chord_header ? [note.si('e').toJSON()] : null,
      );
    }
  });

  it('keeps the order of nested header groups, and takes partial arguments in its header', async () => {
    const { add, total, transport } = canvas();
    await chord([group(add.s(1), add.s(2)), add.s(3)], total.s() as never).applyAsync({ args: [9] });
    expect(
      transport.sent.slice(1).map((sent) => [bodyOf(sent)[0], sent.message.headers['group_index']]),
    ).toEqual([
      [[9, 1], 0],
      [[9, 2], 1],
      [[9, 3], 2],
    ]);
  });

  it('as a part of a chord marks its own body as the part', async () => {
    const { add, total, transport } = canvas();
    const inner = chord([add.s(1, 2), add.s(3, 4)], total.s());
    await chord([inner, add.s(5, 6)], total.s()).applyAsync();
    const unlocks = transport.sent.filter(({ message }) => message.headers['task'] === 'celery.chord_unlock');
    expect(tasksSent({ transport }).filter((task) => task === 'wt.add')).toHaveLength(3);
    expect(transport.sent).toHaveLength(5);
    const [outer, nested] = unlocks.map((sent) => bodyOf(sent));
    const [outerId, outerBody] = outer![0] as [string, { options: { task_id: string } }];
    const innerBody = nested![0][1] as { options: Record<string, unknown> };
    expect(innerBody.options).toMatchObject({
      group_id: outerId,
      group_index: 0,
      chord: { options: { task_id: outerBody.options.task_id } },
    });
    const parts = (outer![1] as { result: [[string, unknown], null][] }).result.map(([[id]]) => id);
    expect(parts[0]).toBe(innerBody.options['task_id']);
  });

  it('as first step of a chain gives its body what follows', async () => {
    const { add, total, app, transport } = canvas();
    const { applySignature } = await import('../../../src/canvas/index.js');
    await applySignature(app, chord([add.s(1, 2)], total.s()), { options: { chain: [add.s(7).toJSON()] } });
    expect(bodyOf(transport.sent[0]!)[0][1]).toMatchObject({ options: { chain: [{ args: [7] }] } });
    expect(bodyOf(transport.sent[1]!)[2]).toMatchObject({
      chain: null,
      chord: { options: { chain: [{ args: [7] }] } },
    });
  });

  it('needs a body', async () => {
    const { app, add } = canvas();
    const open = {
      task: 'celery.chord',
      args: [],
      kwargs: { header: [add.s(1, 2).toJSON()], kwargs: {} },
      options: {},
      subtask_type: 'chord',
      immutable: false,
    };
    await expect(signature(app, open).applyAsync()).rejects.toMatchObject({ code: 'CANVAS_INVALID' });
  });
});

describe('inside a task', () => {
  it('a workflow belongs to the family, and is one child', async () => {
    const { add, total, app, transport } = canvas();
    const { runInTask } = await import('../../../src/app/index.js');
    const { localContext } = await import('../../../src/app/local-context.js');
    const children: unknown[] = [];
    const parent = { ...localContext('p'), id: 'parent', rootId: 'root' };
    await runInTask(
      parent,
      async () => {
        await group(add.s(1, 2), add.s(3, 4)).applyAsync();
        await chord([add.s(1, 2)])(total.s());
        await chain(add.s(1, 2), add.s(3)).applyAsync();
      },
      children,
    );
    expect(
      transport.sent.every(
        ({ message: { headers } }) => headers['root_id'] === 'root' && headers['parent_id'] === 'parent',
      ),
    ).toBe(true);
    expect(children.map((child) => (child as [unknown, unknown[] | null])[1]?.length ?? 0)).toEqual([
      2, 1, 0,
    ]);
    expect(app.replyTo).toBe(transport.sent[0]?.message.properties.reply_to);
  });
});
