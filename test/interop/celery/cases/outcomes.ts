import { expect, it } from 'vitest';
import { Decimal, PlainDate, PlainDateTime, PlainTime, Uuid } from '../../../../src/index.js';
import { sendPlan } from '../support/plan.js';
import { type About, type Flow, failed, send, sendTask, succeeded } from './flow.js';

const UUID = '12345678-1234-5678-1234-567812345678';

/** The same values in both languages; each goes as an argument and comes back as a result. */
const VALUES: readonly (readonly [python: string, typescript: unknown])[] = [
  ['None', null],
  ['True', true],
  ['-5', -5],
  ['2**70', 2n ** 70n],
  ['1.5', 1.5],
  ['float("inf")', Number.POSITIVE_INFINITY],
  ['1e-300', 1e-300],
  ['""', ''],
  [String.raw`"h\u00e9 \U0001f600 \x00 \n"`, 'h\u00e9 \u{1f600} \0 \n'],
  ['"x" * 20000', 'x'.repeat(20_000)],
  ['[]', []],
  ['{}', {}],
  ['[1, "a", None, [True, {"k": [2.5]}]]', [1, 'a', null, [true, { k: [2.5] }]]],
  ['{"a": {"b": [1, {}]}, "__type__": "mine"}', { a: { b: [1, {}] }, __type__: 'mine' }],
  ['datetime(2024, 1, 2, 3, 4, 5, 678000, timezone.utc)', new Date('2024-01-02T03:04:05.678Z')],
  ['datetime(2024, 1, 2, 3, 4, 5, 678901)', new PlainDateTime('2024-01-02T03:04:05.678901')],
  ['date(2024, 2, 29)', new PlainDate('2024-02-29')],
  ['time(1, 2, 3)', new PlainTime('01:02:03')],
  ['Decimal("1.10")', new Decimal('1.10')],
  [`UUID("${UUID}")`, new Uuid(UUID)],
  ['b"text"', new TextEncoder().encode('text')],
  [String.raw`b"\x00\xff"`, new Uint8Array([0, 255])],
  ['{"when": [date(2024, 2, 29)]}', { when: [new PlainDate('2024-02-29')] }],
];

export function outcomeCases(flow: Flow): void {
  const { at, from } = flow;
  const { system } = flow;
  const sendValue = (python: string, typescript: unknown) =>
    from === 'python'
      ? system().python.sendValues(`${at}.echo`, python)
      : sendPlan(system().producer, { task: `${at}.echo`, args: [typescript] }, {});

  it('takes and gives values of every kind', async () => {
    const [[id]] = await sendValue(
      `[${VALUES.map(([python]) => python).join(', ')}]`,
      VALUES.map(([, typescript]) => typescript),
    );
    const { meta } = await system().ended(id);
    expect(meta.status).toBe('SUCCESS');
    expect(plain(meta.result)).toEqual(plain(VALUES.map(([, typescript]) => typescript)));
    expect(await system().python.same(id, `[${VALUES.map(([python]) => python).join(', ')}]`)).toBeNull();
  });

  it.each(VALUES.filter(([python]) => /^(None|True|datetime.*utc|b"|Decimal)/.test(python)))(
    'gives %s by itself',
    async (python, typescript) => {
      const [[id]] = await sendValue(python, typescript);
      const { meta } = await system().ended(id);
      expect(meta.status).toBe('SUCCESS');
      expect(plain(meta.result)).toEqual(plain(typescript));
      expect(await system().python.same(id, python)).toBeNull();
    },
  );

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

  it('stores nothing for a result that is to be ignored', async () => {
    const quiet = [
      await sendTask(flow, { task: `${at}.echo`, args: [1] }, { ignore_result: true, link: [witness()] }),
      await sendTask(flow, { task: `${at}.fail`, args: ['ValueError', 'x'] }, { ignore_result: true }),
      await sendTask(flow, { task: `${at}.silent`, args: [1], link: [witness()] }),
    ];
    for (const id of quiet) system().ignored.add(id);
    await Promise.all(witnesses.splice(0).map((id) => succeeded(flow, id)));
  });

  /** A callback: its result shows that the task before it has ended, and that it is not stored. */
  const witnesses: string[] = [];
  const witness = () => {
    const id = crypto.randomUUID();
    witnesses.push(id);
    return { task: `${at}.echo`, options: { task_id: id } };
  };

  it('gives a group its results in order', async () => {
    const result = await send(flow, {
      group: [1, 2, 3].map((n) => ({ task: `${n === 2 ? flow.other : at}.add`, args: [n, n] })),
    });
    const members = result[1] ?? [];
    expect(await Promise.all(members.map(([[id]]) => succeeded(flow, id)))).toEqual([2, 4, 6]);
  });
}

/** Values as their texts where the class has no fields to compare. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return `date ${value.toISOString()}`;
  if (value === null || typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    return `${value.constructor.name} ${(value as Uuid).toString()}`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
