import { expect, it } from 'vitest';
import { type About, type Flow, failed, send, sendTask, succeeded } from './flow.js';

/** How calls end: by failing in every way, and by succeeding with what they were given. */
export function outcomeCases(flow: Flow): void {
  const { at, system } = flow;

  it.each([
    { kind: 'ValueError', args: ['bad'] },
    { kind: 'TypeError', args: ['worse'] },
    { kind: 'KeyError', args: ['k', 1] },
    { kind: 'ZeroDivisionError', args: [] },
  ])('fails with $kind', async ({ kind, args }) => {
    const id = await sendTask(flow, { task: `${at}.fail`, args: [kind, ...args] });
    const { meta, python } = await failed(flow, id, { type: kind, args });
    expect(python.error?.builtin).toBe(true);
    // The traceback is the worker's own, in its own language.
    expect(meta.traceback).toMatch(/Traceback \(most recent call last\)[^]*Error/);
    expect(python.traceback).toBe(meta.traceback);
  });

  it('fails with a class of its own', async () => {
    const id = await sendTask(flow, { task: `${at}.fail`, args: ['ExportFailed', 'no disk'] });
    const { meta, python } = await system().ended(id);
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ExportFailed', exc_message: ['no disk'] },
    });
    expect(python.error).toMatchObject({ type: 'ExportFailed', args: ['no disk'], builtin: false });
    await expect(system().producer.asyncResult(id).get()).rejects.toMatchObject({
      code: 'TASK_FAILED',
      fields: { type: 'ExportFailed', args: ['no disk'] },
    });
  });

  it('fails for arguments that do not fit', async () => {
    const wrong = [
      { args: [1], kwargs: {} },
      { args: [1, 2, 3], kwargs: {} },
      { args: [1], kwargs: { z: 2 } },
      { args: [1, 2], kwargs: { x: 2 } },
    ];
    const texts = [
      /missing 1 required/,
      /takes 2 positional/,
      /unexpected keyword.*'z'/,
      /multiple values.*'x'/,
    ];
    for (const [index, call] of wrong.entries()) {
      const id = await sendTask(flow, { task: `${at}.add`, ...call });
      const { meta, python } = await system().ended(id);
      expect(meta).toMatchObject({
        status: 'FAILURE',
        result: { exc_type: 'TypeError', exc_module: 'builtins' },
      });
      expect(python.error).toMatchObject({ type: 'TypeError', module: 'builtins' });
      expect(String(python.error?.args[0])).toMatch(texts[index] ?? 'nothing');
    }
  });

  it('takes arguments by position, by keyword and by both', async () => {
    const calls = [
      { args: ['o', 'p'] },
      { kwargs: { org_slug: 'o', project_slug: 'p' } },
      { args: ['o'], kwargs: { project_slug: 'p', output_type: 'shp' } },
      { args: ['o', 'p', 'shp'] },
    ];
    const ids = await Promise.all(calls.map((call) => sendTask(flow, { task: `${at}.project`, ...call })));
    expect(await Promise.all(ids.map((id) => succeeded(flow, id)))).toEqual([
      ['o', 'p', 'all'],
      ['o', 'p', 'all'],
      ['o', 'p', 'shp'],
      ['o', 'p', 'shp'],
    ]);
    const wrong = await sendTask(flow, { task: `${at}.project`, args: ['o'] });
    expect((await system().ended(wrong)).python.error).toMatchObject({
      type: 'TypeError',
      module: 'builtins',
    });
  });

  it('fails for a task nobody has', async () => {
    const name = `${at}.nobody`;
    const id = await sendTask(flow, { task: name, args: [1] });
    await failed(flow, id, { type: 'NotRegistered', module: 'celery.exceptions', args: [name] });
  });

  it('takes compressed messages', async () => {
    const text = 'many words '.repeat(500);
    const id = await sendTask(flow, { task: `${at}.echo`, args: [text] }, { compression: 'gzip' });
    expect(await succeeded(flow, id)).toBe(text);
  });

  it('tells the task of its call', async () => {
    const id = await sendTask(
      flow,
      { task: `${at}.about` },
      {
        time_limit: 600,
        soft_time_limit: 540,
        priority: 4,
        creator_id: 7,
        is_result: true,
        related_object_id: 'abc',
        headers: { x_trace: 'here' },
      },
    );
    const told = await succeeded<About>(flow, id);
    expect(told).toMatchObject({
      id,
      root: id,
      parent: null,
      retries: 0,
      timelimit: [600, 540],
      custom: flow.anyProperty ? { creator_id: 7, is_result: true, related_object_id: 'abc' } : {},
      header: 'here',
    });
  });

  it('gives a group its results in order', async () => {
    const result = await send(flow, {
      group: [1, 2, 3].map((n) => ({ task: `${n === 2 ? flow.other : at}.add`, args: [n, n] })),
    });
    const members = result[1] ?? [];
    expect(await Promise.all(members.map(([[id]]) => succeeded(flow, id)))).toEqual([2, 4, 6]);
  });

  if (flow.from === 'python') {
    it('takes messages of the first protocol', async () => {
      const [[id]] = await system().python.sendOld(`${at}.add`, [1, 2]);
      expect(await succeeded(flow, id)).toBe(3);
      const { ours } = await system().family(id, 1);
      expect(ours.members).toMatchObject([{ taskId: id, type: `${at}.add`, status: 'SUCCESS' }]);
    });
  }
}
