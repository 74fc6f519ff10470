import { expect, it } from 'vitest';
import { topicPattern } from '../../../../src/transports/redis/binding-directory.js';

it.each([
  ['celery', '^celery$'],
  ['#', '^.*?$'],
  ['a.*', '^a\\.[^\\.]+$'],
  ['a.#', '^a\\..*?$'],
  ['a-b.c_d', '^a\\-b\\.c\\_d$'],
  ['a*', '^a*$'],
  ['é.\0', '^é\\.\\000$'],
])('writes the pattern of "%s" as kombu does', (key, pattern) => {
  expect(topicPattern(key)).toBe(pattern);
});
