import { expect, it } from 'vitest';
import { Decimal, PlainDate, Uuid } from '../../../../src/index.js';
import { sendPlan } from '../support/plan.js';
import { type Flow, succeeded } from './flow.js';

const UUID = '12345678-1234-5678-1234-567812345678';
/** Before kombu 5.3 dates and the like are plain text in JSON, for whoever reads them. */
const TEXTS = ['2024-01-02T03:04:05.678000Z', '2024-02-29T00:00:00', '1.10', UUID];

/** What differs for a Python that is older than the tagged forms of JSON. */
export function olderCases(flow: Flow): void {
  const { at, from, system } = flow;

  it('writes dates and the like as text', async () => {
    const [[id]] =
      from === 'python'
        ? await system().python.sendValues(
            `${at}.echo`,
            `[datetime(2024, 1, 2, 3, 4, 5, 678000, timezone.utc), date(2024, 2, 29), Decimal("1.10"), UUID("${UUID}")]`,
          )
        : await sendPlan(
            system().producer,
            {
              task: `${at}.echo`,
              args: [
                [
                  new Date('2024-01-02T03:04:05.678Z'),
                  new PlainDate('2024-02-29'),
                  new Decimal('1.10'),
                  new Uuid(UUID),
                ],
              ],
            },
            {},
          );
    expect(await succeeded(flow, id)).toEqual(TEXTS);
  });
}
