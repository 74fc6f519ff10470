import * as nodeTest from 'node:test';
import type { App } from '../app/index.js';
import { CHECKS, type Check } from '../toolbox/index.js';
import { createWorker } from '../worker/index.js';

/** The two functions of a test runner that the builder needs. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => void): unknown;
}

export interface FunctionalTestOptions {
  /** The program runs as a worker, and does not only produce tasks. Default true. */
  readonly isWorker?: boolean;
  /** Default: the runner this is called in (vitest, jest or mocha), else Node's own. */
  readonly runner?: TestRunner;
}

const WORKER_CHECK: Check = {
  name: 'a worker can be made',
  run: (app) => void createWorker(app),
};

/**
 * Registers tests that an app conforms with the architecture: names of queues, topic exchange, both copies of every task,
 * bounded retries of chords. Call it at the top level of a test file of vitest, jest, mocha or node:test. The tests read
 * settings; they need no server. A failing one says what to change.
 */
export function buildFunctionalTests(
  app: App,
  { isWorker = true, runner = currentRunner() }: FunctionalTestOptions = {},
): void {
  runner.describe(`app ${app.name} conforms with the architecture`, () => {
    for (const { name, run } of functionalChecks(isWorker)) runner.it(name, () => run(app));
  });
}

/** The checks by themselves, in order. */
export const functionalChecks = (isWorker: boolean): readonly Check[] =>
  isWorker ? [WORKER_CHECK, ...CHECKS] : CHECKS;

/** Vitest hangs its interface on this name for `import.meta.vitest`; jest, mocha and vitest's `globals` define globals. */
function currentRunner(): TestRunner {
  const scope = globalThis as { __vitest_index__?: TestRunner } & Partial<TestRunner>;
  if (scope.__vitest_index__ !== undefined) return scope.__vitest_index__;
  const { describe, it } = scope;
  return describe !== undefined && it !== undefined ? { describe, it } : nodeTest;
}
