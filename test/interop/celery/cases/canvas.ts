import { expect, it } from 'vitest';
import { dataOf, idsOf, type Plan, parentsOf } from '../support/plan.js';
import { type About, type Flow, failed, send, sendTask, succeeded } from './flow.js';

const id = (): string => crypto.randomUUID();

/** What workflows are made of in a flow. */
function wordsOf(flow: Flow) {
  const add = (prefix: string, ...args: number[]): Plan => ({ task: `${prefix}.add`, args });
  /** The body of a chord. Python's sender wants to be told its queue; ours needs not. */
  const body = (task: string, prefix: string, options: Record<string, unknown> = {}): Plan => ({
    task: `${prefix}.${task}`,
    options: { ...(flow.from === 'python' && { queue: prefix }), ...options },
  });
  return { add, body };
}

/** What the platform sees of workflows. Every form of them is put through both languages in test/interop/canvas. */
export function familyCases(flow: Flow): void {
  const { at, other, system } = flow;
  const { add, body } = wordsOf(flow);

  it('runs a chain from worker to worker', async () => {
    const last = id();
    const result = await send(flow, {
      chain: [
        add(at, 1, 2),
        add(other, 10),
        add(at, 100),
        { task: `${other}.about`, immutable: true, options: { task_id: last } },
      ],
    });
    const before = parentsOf(result);
    expect(await Promise.all(before.map((each) => succeeded(flow, each)))).toEqual([113, 13, 3]);
    expect(await succeeded<About>(flow, last)).toMatchObject({ root: before.at(-1), parent: before[0] });
    const { ours, python } = await system().family(before.at(-1) ?? '', 4);
    expect(ours.status).toBe('SUCCESS');
    expect(python).toEqual({ overall: ours.status, states: statesOf(ours.members) });
    expect(ours.members.map(({ taskId, parentId }) => [taskId, parentId]).sort()).toEqual(
      [
        [before[2], null],
        [before[1], before[2]],
        [before[0], before[1]],
        [last, before[0]],
      ].sort(),
    );
  });

  it('ends a chord over there', async () => {
    const result = await send(flow, {
      header: [add(other, 1, 1), add(other, 2, 2)],
      body: body('total', at),
    });
    const [last = ''] = idsOf(result);
    expect(await succeeded(flow, last)).toBe(6);
    // Python's sender has it watched by message; ours leaves it to the store, because workers are there that end chords.
    expect(system().unlockedHere.has(last)).toBe(flow.from === 'python');
  });

  it('keeps the place of a task that is replaced', async () => {
    const result = await send(flow, {
      chain: [{ task: `${at}.swap`, args: [dataOf(add(at, 1, 2))] }, add(other, 10)],
    });
    const [replaced = ''] = parentsOf(result);
    expect(await succeeded(flow, replaced)).toBe(3);
    expect(await succeeded(flow, idsOf(result)[0] ?? '')).toBe(13);
    // The record of the first message is replaced by that of the second.
    await system().family(
      replaced,
      (types) => types.toSorted().join() === [`${at}.add`, `${other}.add`].sort().join(),
    );
  });

  it('hands callbacks over to the last step of a workflow', async () => {
    const witness = id();
    const root = await sendTask(
      flow,
      { task: `${at}.export`, args: [[1, 2], other, at] },
      { creator_id: 7, link: [{ task: `${other}.about`, immutable: true, options: { task_id: witness } }] },
    );
    expect(await succeeded(flow, root)).toBe(true);
    // The callback comes once, after the workflow; not after the task that started it.
    const told = await succeeded<About>(flow, witness);
    expect(told.root).toBe(root);
    expect(told.parent).not.toBe(root);
    const { ours, python } = await system().family(root, 5);
    expect(python).toEqual({ overall: 'SUCCESS', states: statesOf(ours.members) });
    expect(ours.status).toBe('SUCCESS');
    expect(ours.members.map(({ type }) => type).sort()).toEqual(
      [`${at}.export`, `${other}.add`, `${other}.add`, `${at}.echo`, `${other}.about`].sort(),
    );
    const body = ours.members.find(({ type }) => type === `${at}.echo`);
    expect(told.parent).toBe(body?.taskId);
    if (flow.anyProperty) {
      expect(body?.isResult).toBe(true);
      expect(await system().ledger.overallResults(root)).toEqual([
        { taskId: body?.taskId, status: 'SUCCESS', result: 'zipped' },
      ]);
    }
  });
}

/** Forms of workflows, for brokers, versions and formats that test/interop/canvas leaves out. */
export function canvasCases(flow: Flow): void {
  const { at, other, system } = flow;
  const { add, body } = wordsOf(flow);

  it('sends callbacks with the result', async () => {
    const [one, two] = [id(), id()];
    const root = await sendTask(flow, add(at, 1, 2), {
      link: [
        { task: `${other}.add`, args: [10], options: { task_id: one } },
        { task: `${at}.about`, immutable: true, options: { task_id: two } },
      ],
    });
    expect(await succeeded(flow, root)).toBe(3);
    expect(await succeeded(flow, one)).toBe(13);
    expect(await succeeded<About>(flow, two)).toMatchObject({ id: two, root, parent: root });
  });

  it('sends errbacks with the id of what failed', async () => {
    const [one, two] = [id(), id()];
    const root = await sendTask(flow, {
      task: `${at}.fail`,
      args: ['ValueError', 'bad'],
      link_error: [
        { task: `${other}.echo`, options: { task_id: one } },
        { task: `${other}.about`, immutable: true, options: { task_id: two } },
      ],
    });
    await failed(flow, root, { type: 'ValueError', args: ['bad'] });
    expect(await succeeded(flow, one)).toBe(root);
    expect(await succeeded<About>(flow, two)).toMatchObject({ root, parent: root });
  });

  it('fails the rest of a chain', async () => {
    const witness = id();
    const result = await send(
      flow,
      {
        chain: [
          add(at, 1, 2),
          { task: `${other}.fail`, args: ['KeyError', 'k'], immutable: true },
          add(at, 5),
          add(other, 6),
        ],
      },
      { link_error: [{ task: `${at}.echo`, options: { task_id: witness } }] },
    );
    const [third, second, first] = parentsOf(result);
    expect(await succeeded(flow, first ?? '')).toBe(3);
    for (const each of [second, third, ...idsOf(result)]) {
      await failed(flow, each ?? '', { type: 'KeyError', args: ['k'] });
    }
    expect(await succeeded(flow, witness)).toBe(second);
  });

  it('ends a chord whose parts run here and there', async () => {
    const result = await send(flow, {
      header: [add(at, 1, 1), add(other, 2, 2), { task: `${at}.flaky`, args: [1, 1] }, add(other, 3, 3)],
      body: body('echo', other),
    });
    const [last = ''] = idsOf(result);
    expect(await succeeded(flow, last)).toEqual([
      2,
      4,
      expect.objectContaining({ retries: 1, group_index: 2 }),
      6,
    ]);
  });

  it('fails a chord of which a part failed, and sends its errbacks', async () => {
    const [failing, witness] = [id(), id()];
    await send(flow, {
      header: [add(at, 1, 1), { task: `${other}.fail`, args: ['ValueError', 'bad', 1] }],
      body: body('total', at, { task_id: failing }),
      link_error: [{ task: `${other}.echo`, options: { task_id: witness } }],
    });
    const { meta, python } = await system().ended(failing);
    expect(meta).toMatchObject({ status: 'FAILURE', result: { exc_type: 'ChordError' } });
    // Whoever watched it says which part failed, or only how.
    expect(python.error).toMatchObject({
      type: 'ChordError',
      module: 'celery.exceptions',
      args: [expect.stringContaining("ValueError('bad', 1)")],
    });
    expect(await succeeded(flow, witness)).toBe(failing);
  });

  it('makes a chord of a group inside a chain', async () => {
    const group = { group: [add(other, 10), add(at, 20), add(other, 30)] };
    // What follows joins the body, which then has no queue of its own: Python's worker cannot send what Python made of it.
    const after = flow.from === 'python' && at === 'both' ? [] : [add(other, 1000)];
    const result = await send(flow, { chain: [add(at, 1, 2), group, body('total', at), ...after] });
    const [last = ''] = idsOf(result);
    expect(await succeeded(flow, last)).toBe(13 + 23 + 33 + 1000 * after.length);
  });

  it('runs a chain inside a chord, and one that ends in a group', async () => {
    const [one, two] = [id(), id()];
    const inside = await send(flow, {
      header: [{ chain: [add(at, 1, 1), add(other, 10)] }, add(at, 5, 5)],
      body: body('total', other, { task_id: one }),
    });
    expect(idsOf(inside)).toEqual([one]);
    expect(await succeeded(flow, one)).toBe(22);
    await send(flow, {
      chain: [
        add(at, 1, 1),
        { group: [add(other, 1), { task: `${at}.add`, args: [2], options: { task_id: two } }] },
      ],
    });
    expect(await succeeded(flow, two)).toBe(4);
  });

  it('maps a task over items, in one message and in chunks', async () => {
    const mapped = await sendTask(flow, { map: `${at}.echo`, it: ['a', 'b'] });
    expect(await succeeded(flow, mapped)).toEqual(['a', 'b']);
    const chunked = await send(flow, {
      chunks: `${at}.add`,
      it: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      size: 2,
    });
    expect(await Promise.all(idsOf(chunked).map((each) => succeeded(flow, each)))).toEqual([[2, 4], [6]]);
  });

  it('replaces tasks by chains, groups and chords that go over to the other worker', async () => {
    const swap = (plan: Plan): Plan => ({ task: `${at}.swap`, args: [dataOf(plan)] });
    // Python's worker wants to be told where it has a chord watched.
    const total = { task: `${at}.total`, options: { queue: at } };
    const forms: readonly (readonly [Plan, unknown])[] = [
      [{ chain: [add(at, 1, 1), add(other, 10), add(at, 100)] }, 112],
      [{ header: [add(at, 1, 1), add(other, 2, 2)], body: total }, 6],
      [{ chain: [swap(add(other, 1, 2)), add(other, 10)] }, 13],
    ];
    for (const [form, value] of forms) {
      const witness = id();
      const options = { task_id: witness };
      const result = await sendTask(
        flow,
        { ...swap(form), link: [{ task: `${other}.about`, immutable: true, options }] },
        {},
      );
      expect(await succeeded(flow, result)).toBe(value);
      expect(await succeeded<About>(flow, witness)).toMatchObject({ root: result, parent: result });
      const part = await send(flow, {
        header: [swap(form), add(other, 1000, 0)],
        body: body('total', at),
      });
      expect(await succeeded(flow, idsOf(part)[0] ?? '')).toBe((value as number) + 1000);
    }
  });
}

const statesOf = (
  members: readonly { readonly taskId: string; readonly status: string }[],
): Record<string, string> => Object.fromEntries(members.map(({ taskId, status }) => [taskId, status]));
