import { CHORD, CPU, type Figures, P50, P99, TRANSACTIONS, UNLOCKS, WORST } from './bench-case.js';
import type { Database } from './database.js';
import { Program, type ProgramOptions } from './program.js';

/** A worker and a client that waits for results. The client works on command, as producers do. */
export interface Pair {
  readonly worker: ProgramOptions;
  readonly client: ProgramOptions;
}

/** The client prints `ms` with the milliseconds of each of its calls. */
export function measureLatency(pair: Pair): Promise<Figures> {
  return together(pair, async (_worker, client) => {
    client.send('go');
    const ms = (JSON.parse(await client.line('ms ')) as number[]).sort((a, b) => a - b);
    const at = (share: number): number => ms[Math.ceil(share * ms.length) - 1] ?? Number.NaN;
    return { [P50]: at(0.5), [P99]: at(0.99), [WORST]: at(1) };
  });
}

/** The worker prints `unlock` at each poll. Transactions are those of the whole run: programs tell theirs when they end. */
export async function measureChord(pair: Pair, size: number, database?: Database): Promise<Figures> {
  const before = await database?.transactions();
  const figures = await together(pair, async (worker, client) => {
    const cpu = (): number => worker.cpuSeconds() + client.cpuSeconds();
    const [cpuBefore, from] = [cpu(), performance.now()];
    client.send('go');
    await client.line('done');
    const seconds = (performance.now() - from) / 1000;
    const perThousand = ((cpu() - cpuBefore) / size) * 1000;
    return { [CHORD]: seconds, [CPU]: perThousand, [UNLOCKS]: worker.printed('unlock') };
  });
  if (database === undefined || before === undefined) return figures;
  return { ...figures, [TRANSACTIONS]: (await database.transactions()) - before };
}

async function together(
  { worker, client }: Pair,
  work: (worker: Program, client: Program) => Promise<Figures>,
): Promise<Figures> {
  const programs = [new Program(worker), new Program(client)] as const;
  try {
    // The client has had a result by then, so the worker works.
    await programs[1].line('ready');
    return await work(...programs);
  } finally {
    await Promise.all(programs.map((one) => one.stop()));
  }
}
