import { Bench, type CreateTransport } from './transports-bench.js';
import { consumingCases } from './transports-consuming.js';
import { contentCases } from './transports-content.js';
import { leaseCases } from './transports-lease.js';
import { routingCases } from './transports-routing.js';
import { settlingCases } from './transports-settling.js';

/** What a case is told when the test runner lets a running test be skipped (vitest and node:test do). */
export interface CaseContext {
  skip?(reason?: string): void;
}

/** The two functions of a test runner the suite needs. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: ((name: string, body: (context: CaseContext) => Promise<void>) => unknown) & {
    readonly skip: (name: string, body: (context: CaseContext) => Promise<void>) => unknown;
  };
}

export interface TransportSuiteOptions {
  /** Makes a transport, not yet connected. Those of one suite reach the same broker and see each other's queues. */
  readonly create: CreateTransport;
  readonly runner: TestRunner;
  /** Cases that cannot hold for this transport, by their exact names, each with its reason. */
  readonly skip?: readonly { readonly case: string; readonly reason: string }[];
  /** The most and the least urgent priority, for transports with priorities. Default AMQP's 9 and 0. */
  readonly priorities?: { readonly urgent: number; readonly patient: number };
}

/** One promise of the seam. */
export interface TransportCase {
  readonly name: string;
  readonly run: (bench: Bench, suite: TransportSuiteOptions, skip: (reason: string) => void) => Promise<void>;
}

/** Every case, by subject. */
export const TRANSPORT_CASES: readonly TransportCase[] = [
  ...routingCases,
  ...contentCases,
  ...settlingCases,
  ...consumingCases,
  ...leaseCases,
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
