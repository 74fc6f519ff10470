import type { BusBench, CreateBus } from './buses-bench.js';
import type { TestRunner } from './transports-case.js';

export interface BusSuiteOptions {
  /** Makes a bus as another program would have it. Those of one suite hear each other; `end` closes what it stands on. */
  readonly create: CreateBus;
  readonly runner: TestRunner;
}

/** One promise of the seam. */
export interface BusCase {
  readonly name: string;
  readonly run: (bench: BusBench) => Promise<void>;
}
