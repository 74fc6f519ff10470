import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/base/index.js';
import { build } from './harness/build.js';
import { Random } from './harness/random.js';
import { type ChaosRow, type Figure, isMet, none, TRANSPORTS, type TransportName } from './harness/row.js';
import { Servers } from './harness/servers.js';
import { ROWS } from './rows/index.js';

const HELP = `npm run chaos -- [--full] [--row F2]... [--on rabbitmq|redis|sqs]... [--seed 1]
Puts real brokers, databases and workers through the faults of the matrix and prints one JSON line for each figure.
The short form takes minutes; --full is the size that the promises are made for. Exit code 1 when a promise is broken; times
are judged in the full form only, because a busy machine breaks them too.`;

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    row: { type: 'string', multiple: true },
    on: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const seed = Number(values.seed);
const SHORT_ROW_MS = 240_000;

/** The rows and brokers asked for; those whose broker is missing are left out, with the reason. */
function chosen(): readonly (readonly [ChaosRow, TransportName])[] {
  return ROWS.filter(({ id }) => values.row?.includes(id) ?? true).flatMap((row) =>
    TRANSPORTS.filter((name) => row.on.includes(name) && (values.on?.includes(name) ?? true)).flatMap(
      (name) => {
        const missing = Servers.missing(name);
        if (missing !== undefined) say(`left out: ${row.id} on ${name} (needs ${missing})`);
        return missing === undefined ? [[row, name] as const] : [];
      },
    ),
  );
}

function print(row: ChaosRow, transport: TransportName, figure: Figure): void {
  const { what, value, gate } = figure;
  const number = Number(value.toFixed(3));
  console.log(
    JSON.stringify({ row: row.id, on: transport, figure: what, value: number, ...gate, met: isMet(figure) }),
  );
}

/** No row of the short form may hold up the others. */
async function overdue(): Promise<never> {
  await sleep(SHORT_ROW_MS, undefined, { ref: false });
  throw new Error(`not done in ${SHORT_ROW_MS / 1000} seconds`);
}

/**
 * A row's figures. One that breaks off is a broken promise. In the short form, which shares its machine with much else, a row
 * that is not met is told and measured once more; the full form gives no second chance.
 */
async function measure(
  row: ChaosRow,
  transport: TransportName,
  servers: Servers,
): Promise<readonly Figure[]> {
  const once = async (): Promise<readonly Figure[]> => {
    const count = (short: number, full: number): number => (values.full ? full : short);
    try {
      const running = row.run({ servers, transport, random: new Random(seed), count });
      return await Promise.race([running, ...(values.full ? [] : [overdue()])]);
    } catch (error) {
      say(`${row.id} on ${transport} broke off: ${messageOf(error)}`);
      return [none('broken off', 1)];
    }
  };
  const first = await once();
  const unmet = first.filter((figure) => !isMet(figure));
  if (unmet.length === 0 || values.full) return first;
  const told = unmet.map(({ what, value }) => `${what} ${value}`).join(', ');
  say(`${row.id} on ${transport}: ${told}: not met, measured again`);
  return once();
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  if (values.list)
    return ROWS.forEach(({ id, title, on }) => console.log(`${id}\t${on.join(' ')}\t${title}`));
  build();
  const servers = new Servers();
  let broken = 0;
  let late = 0;
  let figures = 0;
  try {
    for (const [row, transport] of chosen()) {
      const from = performance.now();
      const measured = await measure(row, transport, servers);
      for (const figure of measured) print(row, transport, figure);
      figures += measured.length;
      broken += measured.filter((figure) => !isMet(figure) && (values.full || figure.timed !== true)).length;
      late += measured.filter((figure) => !isMet(figure) && !values.full && figure.timed === true).length;
      say(`${row.id} on ${transport}: ${row.title}, ${((performance.now() - from) / 1000).toFixed(1)} s`);
    }
  } finally {
    await servers.close();
  }
  if (late > 0) say(`${late} times not met, which the short form does not judge`);
  say(`${figures} figures, ${broken} broken, seed ${seed}${values.full ? ', full form' : ''}`);
  if (broken > 0) process.exitCode = 1;
}

await main();
// A row that broke off may have left something open.
process.exit();
