import type { Audit } from '../harness/audit.js';
import { type Figure, none, type RowContext } from '../harness/row.js';
import { ChaosSystem, type SystemOptions } from '../harness/system.js';

export interface Disturbance {
  readonly tasks: number;
  /** How often, spread over the tasks. */
  readonly times: number;
  readonly disturb: (system: ChaosSystem) => Promise<void>;
}

/** Tasks under way while something happens again and again; then what has become of them. */
export async function disturbed(
  { servers, transport, random }: RowContext,
  options: SystemOptions,
  { tasks, times, disturb }: Disturbance,
  figures: (system: ChaosSystem, seconds: number) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const system = await ChaosSystem.start(servers, transport, options);
  try {
    const from = performance.now();
    const producing = system.produce(tasks);
    for (let n = 1; n <= times; n += 1) {
      // At a moment that the tasks' own progress decides, not the clock.
      const share = (tasks * n) / (times + 1);
      await system.completed(Math.floor(share * (0.9 + 0.1 * random.next())));
      await disturb(system);
    }
    await producing;
    await system.settled();
    return await figures(system, (performance.now() - from) / 1000);
  } finally {
    await system.close();
  }
}

/** What must hold under every fault. */
export const promises = ({ lost, untracked, wrong }: Audit): readonly Figure[] => [
  none('lost', lost.length),
  none('untracked', untracked.length),
  none('rows that do not tell the truth', wrong.length),
];
