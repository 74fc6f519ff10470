import { expect, it } from 'vitest';
import { factoryFor } from '../../../src/app/factories.js';

const registry = new Map([
  ['db+postgresql', async () => 'postgres'],
  ['redis', async () => 'redis'],
]);

it.each([
  ['db+postgresql://h/d', 'postgres'],
  // The same URL configures Python's side, where it may name a driver.
  ['db+postgresql+psycopg2://h/d', 'postgres'],
  ['redis+socket:///s', 'redis'],
])('finds what takes %s', async (url, expected) => {
  expect(await factoryFor('result_backend', url, registry)()).toBe(expected);
});

it('says what is known when nothing takes the URL', () => {
  expect(() => factoryFor('result_backend', 'db+mysql://u:secret@h/d', registry)).toThrow(
    /db\+mysql.*known: db/s,
  );
  expect(() => factoryFor('result_backend', 'db+mysql://u:secret@h/d', registry)).not.toThrow(/secret/);
});
