import type { ResultBackend } from '../../results/index.js';
import type { ResultBackendCase } from './result-backends-bench.js';
import { groupCases } from './result-backends-groups.js';
import { readingCases } from './result-backends-reading.js';
import { storingCases } from './result-backends-storing.js';
import { watchingCases } from './result-backends-watching.js';
import type { TestRunner } from './transports.js';

export interface ResultBackendSuiteOptions {
  /** Makes a connected backend on the same store each time it is called. The suite closes it. */
  readonly create: () => Promise<ResultBackend>;
  readonly runner: TestRunner;
  /** Cases that cannot hold for this backend, by their exact names, each with its reason. */
  readonly skip?: readonly { readonly case: string; readonly reason: string }[];
}

/** Every case, by subject. */
export const RESULT_BACKEND_CASES: readonly ResultBackendCase[] = [
  ...storingCases,
  ...readingCases,
  ...watchingCases,
  ...groupCases,
];

/**
 * Runs the promises of the result backend seam against one adapter. An adapter is finished when this passes; a skip
 * names a case and says why it cannot hold.
 */
export function exerciseResultBackend(name: string, suite: ResultBackendSuiteOptions): void {
  const skipped = new Map(suite.skip?.map((entry) => [entry.case, entry.reason]));
  for (const wanted of skipped.keys()) {
    if (!RESULT_BACKEND_CASES.some((one) => one.name === wanted)) {
      throw new Error(`no result backend case "${wanted}"`);
    }
  }
  const { describe, it } = suite.runner;
  describe(`result backend ${name}`, () => {
    for (const one of RESULT_BACKEND_CASES) {
      const reason = skipped.get(one.name);
      if (reason === undefined) it(one.name, () => runCase(one, suite));
      else it.skip(`${one.name} (${reason})`, async () => {});
    }
  });
}

async function runCase(one: ResultBackendCase, { create }: ResultBackendSuiteOptions): Promise<void> {
  const opened: ResultBackend[] = [];
  const open = async (): Promise<ResultBackend> => {
    const backend = await create();
    opened.push(backend);
    return backend;
  };
  try {
    await one.run(await open(), open);
  } finally {
    await Promise.all(opened.map((backend) => backend.close()));
  }
}
