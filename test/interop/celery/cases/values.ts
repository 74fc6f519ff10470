import { expect, it } from 'vitest';
import { Decimal, PlainDate, PlainDateTime, PlainTime, Uuid } from '../../../../src/index.js';
import { sendPlan } from '../support/plan.js';
import { type Flow, sendTask, succeeded } from './flow.js';

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

/** Arguments and results of every kind, and none at all. */
export function valueCases(flow: Flow): void {
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
