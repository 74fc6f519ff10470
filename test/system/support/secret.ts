import { expect } from 'vitest';
import type { Ended } from './cli.js';

/** Stands for every password in these tests: no output may hold it. */
export const CANARY = 'canary-7h3';

/** One command that failed: with this code, its last line on standard error naming what is wrong; no stack, no password. */
export function expectFailure({ code, out, err }: Ended, wanted: number, why: string | RegExp): void {
  const last = err.trimEnd().split('\n').at(-1) ?? '';
  expect(last).toMatch(/^workertoolbox: /);
  if (typeof why === 'string') expect(last).toContain(why);
  else expect(last).toMatch(why);
  expect(code).toBe(wanted);
  for (const text of [out, err]) {
    expect(text).not.toContain(CANARY);
    expect(text).not.toMatch(/^\s+at .*[:(]\d+/m);
    expect(text).not.toContain('Warning');
  }
}
