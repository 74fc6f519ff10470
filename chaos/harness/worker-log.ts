import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../src/base/index.js';

const pathOf = (ledger: string): string => `${ledger}.log`;
const LOOK_MS = 50;

/** What workers say at level `info` and above, in one file: a line of JSON each. */
export function workerLogger(ledger: string, bindings: object = {}): Logger {
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      appendFileSync(pathOf(ledger), `${JSON.stringify({ level, message, ...bindings, ...fields })}\n`);
  return {
    debug: () => undefined,
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
    child: (further) => workerLogger(ledger, { ...bindings, ...further }),
  };
}

/** How many lines workers have said so far that match. */
export function said(ledger: string, wanted: RegExp): number {
  if (!existsSync(pathOf(ledger))) return 0;
  return readFileSync(pathOf(ledger), 'utf8')
    .split('\n')
    .filter((line) => wanted.test(line)).length;
}

/** Waits for a further line that matches; false when there is none in time. */
export async function says(
  ledger: string,
  wanted: RegExp,
  before: number,
  withinMs: number,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (said(ledger, wanted) <= before) {
    if (performance.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
