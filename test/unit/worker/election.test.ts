import { expect, it } from 'vitest';
import { winnerOf } from '../../../src/worker/neighbours/election.js';

const candidate = (clock: number, name: string) => ({ clock, name });

it('the lowest clock wins, and the first name where clocks are equal', () => {
  expect(winnerOf([candidate(5, 'a@h.1'), candidate(3, 'z@h.1')])?.name).toBe('z@h.1');
  expect(winnerOf([candidate(3, 'b@h.1'), candidate(3, 'a@h.9'), candidate(9, '0')])?.name).toBe('a@h.9');
  expect(winnerOf([candidate(3, 'alone')])?.name).toBe('alone');
  expect(winnerOf([])).toBeUndefined();
});
