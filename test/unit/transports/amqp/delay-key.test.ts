import { expect, it } from 'vitest';
import { topicMatches } from '../../../../src/messaging/index.js';
import {
  arrivalPattern,
  delayedKey,
  hasWaited,
  originalKey,
  queueKey,
} from '../../../../src/transports/amqp/delayed/delay-key.js';

it('writes the seconds as kombu does', () => {
  expect(delayedKey(5, 'celery')).toBe('0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.1.celery');
  expect(delayedKey(2 ** 40, 'a.b')).toBe(`${'1.'.repeat(28)}a.b`);
});

it('finds the key again, and the messages meant for one queue', () => {
  expect(originalKey(delayedKey(7, 'export.all'))).toBe('export.all');
  expect(originalKey(delayedKey(7, queueKey('export') ?? ''))).toBeUndefined();
  expect(hasWaited('celery_delayed_3')).toBe(true);
  expect(hasWaited('celery_delayed_delivery')).toBe(true);
  expect(hasWaited('celery_delayed_mine')).toBe(false);
});

it('leads to one queue, whatever its name', () => {
  const names = ['a', 'b.a', 'a.b', '#', '*', 'ä/ö', 'A'];
  const keys = names.map((name) => queueKey(name) ?? '');
  for (const [at, key] of keys.entries()) {
    const arriving = delayedKey(60, key);
    expect(keys.map((one) => topicMatches(arrivalPattern(one), arriving))).toEqual(
      names.map((_, n) => n === at),
    );
    // As Celery would bind a queue of that name.
    expect(topicMatches(`#.${names[at]}`, arriving) && !['#', '*'].includes(names[at] ?? '')).toBe(false);
  }
  expect(queueKey('q'.repeat(200))).toBeUndefined();
});
