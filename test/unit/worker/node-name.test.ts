import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { nodeName } from '../../../src/worker/node-name.js';

test.each([
  [undefined, 'celery@box.example.org'],
  ['export@%h', 'export@box.example.org'],
  ['export', 'export@box.example.org'],
  ['w@%n', 'w@box'],
  ['w@%d', 'w@example.org'],
  ['100%%@%n', '100%@box'],
  ['w@%i', 'w@%i'],
])('%s becomes %s', (pattern, expected) => {
  expect(nodeName(pattern, 'box.example.org')).toBe(expected);
});

test('a host without a domain has an empty one', () => {
  expect(nodeName('%n.%d@x', 'box')).toBe('box.@x');
});

test('the host is this machine', () => {
  expect(nodeName('a@%h')).toBe(`a@${hostname()}`);
});
