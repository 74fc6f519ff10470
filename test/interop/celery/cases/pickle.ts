import { expect, it } from 'vitest';
import { type Flow, sendTask } from './flow.js';

/** Values that only pickle holds. */
const VALUES = [
  '{1, 2}',
  '(1, (2, "x"))',
  'timedelta(days=-1, seconds=2, microseconds=3)',
  '{1: "one", 2: {"deep": (3,)}}',
  'datetime(2024, 1, 2, 3, 4, 5, 678000, timezone(timedelta(hours=2)))',
  '2**200',
];

/** What pickle adds; Python pickles its arguments and its results. */
export function pickleCases(flow: Flow): void {
  const { at, from, system } = flow;
  if (from !== 'python') return;

  it('takes and gives what only pickle holds', async () => {
    const expression = `[${VALUES.join(', ')}]`;
    const [[id]] = await system().python.sendValues(`${at}.echo`, expression);
    const { meta } = await system().ended(id);
    expect(meta.status).toBe('SUCCESS');
    expect(await system().python.same(id, expression)).toBeNull();
  });

  it('sends on what was pickled', async () => {
    const witness = crypto.randomUUID();
    await sendTask(flow, {
      task: `${at}.add`,
      args: [1, 2],
      link: [{ task: 'py.echo', options: { task_id: witness } }],
    });
    expect((await system().ended(witness)).meta).toMatchObject({ status: 'SUCCESS', result: 3 });
  });
}
