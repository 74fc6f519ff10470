import { Bench } from './transports-bench.js';
import { broadcastCases } from './transports-broadcast.js';
import type { TransportCase, TransportSuiteOptions } from './transports-case.js';
import { consumingCases } from './transports-consuming.js';
import { contentCases } from './transports-content.js';
import { leaseCases } from './transports-lease.js';
import { routingCases } from './transports-routing.js';
import { settlingCases } from './transports-settling.js';

export type { CaseContext, TestRunner, TransportCase, TransportSuiteOptions } from './transports-case.js';

/** Every case, by subject. */
export const TRANSPORT_CASES: readonly TransportCase[] = [
  ...routingCases,
  ...contentCases,
  ...settlingCases,
  ...consumingCases,
  ...leaseCases,
  ...broadcastCases,
];

/**
 * Runs the promises of the transport seam against one adapter. An adapter is finished when this passes;
 * a skip names a case and says why it cannot hold.
 */
export function exerciseTransport(name: string, suite: TransportSuiteOptions): void {
  const skipped = new Map(suite.skip?.map((entry) => [entry.case, entry.reason]));
  for (const wanted of skipped.keys()) {
    if (!TRANSPORT_CASES.some((one) => one.name === wanted)) throw new Error(`no transport case "${wanted}"`);
  }
  const { describe, it } = suite.runner;
  describe(`transport ${name}`, () => {
    for (const one of TRANSPORT_CASES) {
      const reason = skipped.get(one.name);
      if (reason !== undefined) {
        it.skip(`${one.name} (${reason})`, async () => {});
        continue;
      }
      it(one.name, async (context) => {
        const bench = new Bench(suite.create);
        try {
          await one.run(bench, suite, (why) => context.skip?.(why));
        } finally {
          await bench.dispose();
        }
      });
    }
  });
}
