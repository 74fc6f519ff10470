import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { currentTask, defineTask, runInTask, type TaskContext } from '../../../src/app/index.js';
import { localContext } from '../../../src/app/local-context.js';
import { bodyOf, recordingApp } from './recording.js';

const context = localContext('test');
const wrong = (message: string): Error =>
  expect.objectContaining({ code: 'TASK_ARGUMENTS', message }) as Error;

describe('a positional task', () => {
  it('runs here when called, and is sent by delay and applyAsync', async () => {
    const { app, transport } = recordingApp();
    const add = defineTask(app, 'math.add', (x: number, y: number) => x + y);
    expect(await add(1, 2)).toBe(3);
    expect([add.name, add.options.argNames, app.tasks.get('math.add')]).toEqual([
      'math.add',
      ['x', 'y'],
      add,
    ]);
    const result = await add.delay(3, 4);
    await add.applyAsync({ args: [5, 6], countdown: 1 });
    await add.applyAsync({ kwargs: { x: 7, y: 8 } });
    expect(transport.sent.map((sent) => bodyOf(sent).slice(0, 2))).toEqual([
      [[3, 4], {}],
      [[5, 6], {}],
      [[], { x: 7, y: 8 }],
    ]);
    expect(transport.sent[0]?.message.headers['id']).toBe(result.id);
  });

  it('takes positions and keywords from the wire', async () => {
    const { app } = recordingApp();
    const add = defineTask(app, 'math.add', async (x: number, y: number = 10) => x + y);
    expect(await add.run(context, [1], { y: 2 })).toBe(3);
    expect(await add.run(context, [1], {})).toBe(11);
    await expect(add.run(context, [], { y: 2 })).rejects.toThrow(
      wrong("add() missing 1 required positional argument: 'x'"),
    );
  });

  it('refuses wrong arguments before anything is sent', async () => {
    const { app, transport } = recordingApp();
    const add = defineTask(app, 'math.add', (x: number, y: number) => x + y);
    await expect(add.applyAsync({ kwargs: { x: 1 } })).rejects.toThrow(
      wrong("add() missing 1 required positional argument: 'y'"),
    );
    await expect(add.applyAsync({ args: [1], kwargs: { z: 1 } })).rejects.toThrow(
      wrong("add() got an unexpected keyword argument 'z'"),
    );
    expect(transport.log).toEqual([]);
  });

  it('does not send trailing undefined arguments', async () => {
    const { app, transport } = recordingApp();
    const task = defineTask(
      app,
      't',
      { argNames: ['a?', 'b?', 'c?'] },
      (a?: number, b?: number, c?: number) => [a, b, c],
    );
    await task.delay(undefined, 1, undefined);
    expect(bodyOf(transport.sent[0]!)[0]).toEqual([null, 1]);
  });

  it('gets its context when it asks for it', async () => {
    const { app } = recordingApp();
    const bound = defineTask(app, 'a.bound', { bind: true }, (task, x: number) => [task.name, x]);
    expect(bound.options.argNames).toEqual(['x']);
    expect(await bound.run({ ...context, name: 'ctx' }, [1], {})).toEqual(['ctx', 1]);
    expect(await bound(2)).toEqual(['a.bound', 2]);
    await expect(bound.run(context, [1, 2], {})).rejects.toThrow(
      wrong('bound() takes 1 positional argument but 2 were given'),
    );
  });

  it('called as a function belongs to the family of the task that calls it, and cannot be retried', async () => {
    const { app } = recordingApp();
    const seen: TaskContext[] = [];
    const bound = defineTask(app, 'bound', { bind: true }, (task) => {
      seen.push(task);
      return task.retry({ error: new Error('mine') });
    });
    const parent = { ...context, id: 'p', rootId: 'r' };
    await expect(runInTask(parent, () => bound())).rejects.toThrow('mine');
    expect(seen[0]).toMatchObject({ rootId: 'r', parentId: 'p', retries: 0 });
    expect(currentTask()).toBeUndefined();
  });

  it('has its name alone', () => {
    const { app } = recordingApp();
    const task = defineTask(app, 't', () => 1);
    app.tasks.register(task);
    expect(() => defineTask(app, 't', () => 2)).toThrow(
      expect.objectContaining({ code: 'TASK_DUPLICATE' }) as Error,
    );
    expect(app.tasks.names()).toEqual(['t']);
  });
});

describe('a task with a schema', () => {
  const input = z.object({
    org: z.string(),
    size: z.number().default(1),
    tags: z.array(z.string()).optional(),
  });

  it('is sent by keywords and gets one validated object', async () => {
    const { app, transport } = recordingApp();
    const task = defineTask(app, 'export.project', { input }, ({ org, size }) => `${org}${size}`);
    expect(await task({ org: 'o' })).toBe('o1');
    await task.delay({ org: 'o', size: 2 });
    await task.applyAsync({ kwargs: { org: 'p' }, creator_id: 7 });
    expect(transport.sent.map((sent) => bodyOf(sent).slice(0, 2))).toEqual([
      [[], { org: 'o', size: 2 }],
      [[], { org: 'p' }],
    ]);
    expect(transport.sent[1]?.message.properties).toHaveProperty('creator_id', 7);
    expect(task.options.argNames).toEqual(['org', 'size', 'tags']);
  });

  it('takes positions in the order of its keys, keywords, or one object', async () => {
    const { app } = recordingApp();
    const task = defineTask(app, 'export.project', { input, bind: true }, (_task, given) => given);
    expect(await task.run(context, ['o', 3], {})).toEqual({ org: 'o', size: 3 });
    expect(await task.run(context, ['o'], { tags: ['a'] })).toEqual({ org: 'o', size: 1, tags: ['a'] });
    expect(await task.run(context, [{ org: 'o' }], {})).toEqual({ org: 'o', size: 1 });
    expect(await task.run(context, [{ org: 'o' }], { size: 4 })).toEqual({ org: 'o', size: 4 });
  });

  it('says what does not fit', async () => {
    const { app } = recordingApp();
    const task = defineTask(app, 'export.project', { input: input.strict() }, (given) => given);
    await expect(task.run(context, [5], {})).rejects.toThrow(
      wrong('project() got arguments that do not fit: org: Invalid input: expected string, received number'),
    );
    await expect(task.run(context, ['o', 1, [], 4], {})).rejects.toThrow(
      wrong('project() takes from 0 to 3 positional arguments but 4 were given'),
    );
    await expect(task.run(context, ['o'], { org: 'p' })).rejects.toThrow(
      wrong("project() got multiple values for argument 'org'"),
    );
    await expect(task.run(context, [], { org: 'p', other: 1 })).rejects.toThrow(
      /got arguments that do not fit: Unrecognized key/,
    );
  });

  it('works with any Standard Schema; the order of positions is then told by argNames', async () => {
    const { app } = recordingApp();
    const schema: StandardSchemaV1<{ a: number; b: number }> = {
      '~standard': {
        version: 1,
        vendor: 'own',
        validate: async (value) =>
          typeof (value as { a?: unknown }).a === 'number'
            ? { value: value as never }
            : { issues: [{ message: 'a number', path: [{ key: 'a' }] }] },
      },
    };
    const plain = defineTask(app, 'plain', { input: schema }, (given) => given);
    expect(await plain.run(context, [], { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
    expect(await plain.run(context, [{ a: 1 }], {})).toEqual({ a: 1 });
    await expect(plain.run(context, [1], {})).rejects.toThrow(
      wrong('plain() takes 0 positional arguments but 1 was given'),
    );
    await expect(plain.run(context, [], {})).rejects.toThrow(
      wrong('plain() got arguments that do not fit: a: a number'),
    );
    const ordered = defineTask(app, 'ordered', { input: schema, argNames: ['a', 'b'] }, (given) => given);
    expect(await ordered.run(context, [1, 2], {})).toEqual({ a: 1, b: 2 });
  });
});
