import { expect, test } from 'vitest';
import { ChurnMap } from '../../../src/base/index.js';

test('says what a Map would say, whatever comes and goes', () => {
  const ours = new ChurnMap<number, object>();
  const map = new Map<number, object>();
  let seed = 1;
  for (let step = 0; step < 5_000; step += 1) {
    seed = (seed * 16_807) % 2_147_483_647;
    const key = seed % 97;
    if (seed % 3 === 0) {
      expect(ours.delete(key)).toBe(map.delete(key));
    } else {
      const value = { step };
      ours.set(key, value);
      map.set(key, value);
    }
    expect(ours.get(key)).toBe(map.get(key));
    expect(ours.size).toBe(map.size);
  }
  expect(ours.values()).toEqual([...map.values()]);
});
