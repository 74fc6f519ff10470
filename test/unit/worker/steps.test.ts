import { expect, test } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { Steps } from '../../../src/worker/lifecycle/steps.js';

test('up in order, down in reverse, a failing step does not keep the others up', async () => {
  const steps = new Steps(silentLogger);
  const told: string[] = [];
  const step = (name: string, fails = false) => ({
    provides: name.length,
    stop: async () => {
      told.push(name);
      if (fails) throw new Error('stuck');
    },
    info: () => ({ name }),
  });
  expect(await steps.up('one', () => step('one'))).toBe(3);
  await steps.up('three', async () => step('three', true));
  await steps.up('plain', () => ({ provides: undefined }));
  expect(steps.info()).toEqual({ one: { name: 'one' }, three: { name: 'three' }, plain: {} });
  await expect(steps.up('one', () => step('one'))).rejects.toMatchObject({ code: 'STATE_INVALID' });
  await steps.down();
  expect(told).toEqual(['three', 'one']);
  expect(steps.info()).toEqual({});
});
