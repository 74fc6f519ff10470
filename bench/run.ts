import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/base/index.js';
import { CASES } from './cases/index.js';
import { goalTable, verdicts } from './goals.js';
import type { BenchCase } from './harness/bench-case.js';
import { build } from './harness/build.js';
import { writeLastRun } from './harness/docs.js';
import { jsonLines, Results, rounded, table } from './harness/report.js';
import { Servers } from './harness/servers.js';

const HELP = `npm run bench -- [--quick] [--rounds 3] [--only PREFIX]... [--out FILE] [--docs]
Runs every case once in each round, so that drift of the machine touches all alike. Prints one JSON line for each figure
and each goal, then tables of medians. Cases whose servers are missing are left out, with the reason.
--docs writes the tables into docs/performance.md, in the place of those of the last full run.`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    out: { type: 'string' },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function chosen(): BenchCase[] {
  return CASES.filter((one) => {
    if (values.only !== undefined && !values.only.some((prefix) => one.name.startsWith(prefix))) return false;
    const missing = Servers.missing(one.needs);
    if (missing !== undefined) say(`left out: ${one.name} (needs ${missing})`);
    return missing === undefined;
  });
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const { quick } = values;
  const rounds = Number(values.rounds ?? (quick ? 1 : 3));
  const cases = chosen();
  build();
  const servers = new Servers();
  const results = new Results();
  const loads: number[] = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const one of cases) {
        loads.push(loadavg()[0] ?? 0);
        const context = { servers, quick, count: (full: number) => (quick ? Math.ceil(full / 5) : full) };
        try {
          const figures = await one.run(context);
          results.add(one.name, figures);
          const text = Object.entries(figures).map(([name, value]) => `${name} ${rounded(value)}`);
          say(`${round}/${rounds} ${one.name}: ${text.join(', ')}`);
        } catch (error) {
          // One broken program does not cost the others their round.
          process.exitCode = 1;
          say(`${round}/${rounds} ${one.name} failed: ${messageOf(error)}`);
        }
      }
    }
  } finally {
    await servers.close();
  }
  const all = verdicts(results);
  for (const line of jsonLines(cases, results)) console.log(line);
  for (const { goal, what, ratio, met } of all)
    console.log(JSON.stringify({ goal, what, ratio: rounded(ratio), met }));
  const machine = `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = `load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const text = `${machine}; ${rounds} rounds${quick ? ', quick form' : ''}; ${load}.\n\n${table(cases, results)}\n\n${goalTable(all)}\n`;
  console.log(`\n${text}`);
  if (values.out !== undefined) writeFileSync(values.out, text);
  if (values.docs) writeLastRun(text);
}

await main();
