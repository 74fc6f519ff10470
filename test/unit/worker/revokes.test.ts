import { expect, test } from 'vitest';
import type { TaskMessage } from '../../../src/app/index.js';
import { RecentAttempts } from '../../../src/worker/intake/recent.js';
import { Revokes } from '../../../src/worker/revoking/revokes.js';
import { ManualClock } from './support/manual-clock.js';

test('revoked ids are forgotten when there are too many, and after their time', async () => {
  const clock = new ManualClock();
  const revokes = new Revokes(clock, 3, 1_000);
  revokes.add(['a', 'b', 'c', 'd']);
  expect(revokes.list()).toEqual(['b', 'c', 'd']);
  await clock.advance(1_001);
  revokes.add(['e']);
  expect(revokes.list()).toEqual(['e']);
});

test('only the very same attempt counts as done', () => {
  const recent = new RecentAttempts(2);
  const attempt = (id: string, retries = 0, replacedTaskNesting = 0, snoozes = 0): TaskMessage =>
    ({ id, retries, replacedTaskNesting, snoozes }) as TaskMessage;
  recent.add(attempt('a'));
  expect(recent.has(attempt('a'))).toBe(true);
  expect(recent.has(attempt('a', 1))).toBe(false);
  expect(recent.has(attempt('a', 0, 1))).toBe(false);
  expect(recent.has(attempt('a', 0, 0, 1))).toBe(false);
  recent.add(attempt('b'));
  recent.add(attempt('c', 2));
  expect(recent.has(attempt('a'))).toBe(true);
  recent.add(attempt('d'));
  recent.add(attempt('e'));
  expect(recent.has(attempt('a'))).toBe(false);
  expect(recent.has(attempt('c', 2))).toBe(true);
  expect(recent.has(attempt('e'))).toBe(true);
});
