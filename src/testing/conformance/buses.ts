import { BusBench } from './buses-bench.js';
import type { BusCase, BusSuiteOptions } from './buses-case.js';
import { busCommandCases } from './buses-commands.js';
import { busEventCases } from './buses-events.js';

/** Every case. */
export const BUS_CASES: readonly BusCase[] = [...busCommandCases, ...busEventCases];

/** Runs the promises of the bus seam against one adapter. */
export function exerciseBus(name: string, { runner, create }: BusSuiteOptions): void {
  runner.describe(`bus ${name}`, () => {
    for (const one of BUS_CASES) {
      runner.it(one.name, async () => {
        const bench = new BusBench(create);
        try {
          await one.run(bench);
        } finally {
          await bench.dispose();
        }
      });
    }
  });
}
