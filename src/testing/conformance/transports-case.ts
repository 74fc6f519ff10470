import type { Bench, CreateTransport } from './transports-bench.js';

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
