import { expect, it } from 'vitest';
import { IdCursor } from '../../../src/bus/postgres/id-cursor.js';
import { ManualClock } from '../worker/support/manual-clock.js';

it('asks again for numbers that were passed over, for a while', async () => {
  const clock = new ManualClock();
  const cursor = new IdCursor(clock, 10);
  cursor.saw(11);
  expect(cursor.gaps).toEqual([]);
  cursor.saw(14);
  expect([cursor.last, cursor.gaps]).toEqual([14, [12, 13]]);
  cursor.saw(12);
  expect([cursor.last, cursor.gaps]).toEqual([14, [13]]);
  await clock.advance(5_001);
  expect(cursor.gaps).toEqual([]);
});
