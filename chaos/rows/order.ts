import { silentLogger } from '../../src/base/index.js';
import { overallStatus, postgresDatabase } from '../../src/platform/index.js';
import type { SyncPlan } from '../children/plans.js';
import { ChaosProcess } from '../harness/chaos-process.js';
import type { Database } from '../harness/database.js';
import type { Random } from '../harness/random.js';
import { type ChaosRow, type Figure, none, type RowContext } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

/** A family of five: each member's parent, the first one the root. */
const PARENTS = [undefined, 0, 0, 1, 3] as const;
const NODES = PARENTS.map((_, node) => node);
const STATES = ['SUCCESS', 'FAILURE', 'REVOKED', 'STARTED', 'PENDING'] as const;

interface Family {
  readonly name: string;
  /** Of each node; PENDING: no result. */
  readonly states: readonly (typeof STATES)[number][];
}

interface Message {
  readonly family: Family;
  readonly node: number;
}

const idOf = ({ name }: Family, node: number): string => `${name}-${node}`;
const messagesOf = (family: Family, order: readonly number[]): Message[] =>
  order.map((node) => ({ family, node }));

function permutations(of: readonly number[]): number[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((one) => permutations(of.filter((other) => other !== one)).map((rest) => [one, ...rest]));
}

/** One family in three agrees on a state, so that each overall status comes up. */
function statesFor(n: number, random: Random): Family['states'] {
  const common = random.pick(STATES);
  return NODES.map(() => (n % 3 === 0 ? common : random.pick(STATES)));
}

function shuffled(messages: readonly Message[], random: Random): Message[] {
  const all = [...messages];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = random.whole(0, at);
    [all[at], all[other]] = [all[other] as Message, all[at] as Message];
  }
  return all;
}

async function send(system: ChaosSystem, messages: readonly Message[]): Promise<void> {
  for (const { family, node } of messages) {
    const parent = PARENTS[node];
    await system.send(() =>
      system.producer.work.applyAsync({
        args: [node, 0],
        task_id: idOf(family, node),
        root_id: idOf(family, 0),
        ...(parent !== undefined && { parent_id: idOf(family, parent) }),
      }),
    );
  }
}

async function storeResults(database: Database, families: readonly Family[]): Promise<void> {
  const rows = families.flatMap((family) =>
    family.states.flatMap((state, node) =>
      state === 'PENDING' ? [] : [`(nextval('task_id_sequence'), '${idOf(family, node)}', '${state}')`],
    ),
  );
  await database.rows(`INSERT INTO celery_taskmeta (id, task_id, status) VALUES ${rows.join(', ')}`);
}

async function statuses(database: Database, families: readonly Family[]): Promise<(string | undefined)[]> {
  const store = postgresDatabase({ url: database.url, logger: silentLogger });
  try {
    const found: (string | undefined)[] = [];
    for (const family of families) found.push(await overallStatus(store, idOf(family, 4)));
    return found;
  } finally {
    await store.close();
  }
}

/** Rows whose relatives are not what their message said, and rows that stand for a message that never came. */
async function wrongRows(database: Database): Promise<number> {
  const parents = PARENTS.map((parent, node) => `(${node}, ${parent ?? 'NULL'}::int)`).join(', ');
  const [row] = await database.rows<{ n: number }>(`SELECT count(*)::int AS n FROM tasks_backgroundtask t
    LEFT JOIN (VALUES ${parents}) v (node, parent) ON v.node = split_part(t.task_id, '-', 2)::int
    WHERE t.options ? 'placeholder' OR t.root_id <> split_part(t.task_id, '-', 1) || '-0'
      OR t.parent_id IS DISTINCT FROM split_part(t.task_id, '-', 1) || '-' || v.parent`);
  return row?.n ?? 0;
}

/** Children come before their parents: every order of one family, each message by itself; then many families mixed, in batches. */
async function anyOrder(context: RowContext, foreignKeys: boolean): Promise<readonly Figure[]> {
  const { servers, transport, random, count } = context;
  const database = await servers.database({ foreignKeys });
  const system = await ChaosSystem.start(servers, transport, { workers: 0, recorder: false, database });
  const recorded = async (messages: readonly Message[], batchSize: number): Promise<void> => {
    const { settings, ledgerPath: ledger } = system;
    const plan: SyncPlan = { settings, ledger, database: database.url, batchSize };
    const recorder = new ChaosProcess('sync-tasks', plan);
    try {
      await send(system, messages);
      await system.tracked();
    } finally {
      await recorder.kill();
    }
  };
  try {
    const orders = permutations(NODES);
    const permuted = orders.map((_, n) => ({ name: `p${n}`, states: statesFor(n, random) }));
    const mixed = Array.from({ length: count(200, 2000) }, (_, n) => ({
      name: `m${n}`,
      states: statesFor(n, random),
    }));
    const inOrder = [...permuted, ...mixed].map(({ name, states }) => ({ name: `o${name}`, states }));
    // Of the permuted families results come first, of the others last.
    await storeResults(database, permuted);
    await recorded(
      permuted.flatMap((family, n) => messagesOf(family, orders[n] ?? [])),
      1,
    );
    const all = mixed.flatMap((family) => messagesOf(family, NODES));
    await recorded(shuffled(all, random), 20);
    await recorded(
      inOrder.flatMap((family) => messagesOf(family, NODES)),
      20,
    );
    await storeResults(database, [...mixed, ...inOrder]);
    const [found, expected] = [
      await statuses(database, [...permuted, ...mixed]),
      await statuses(database, inOrder),
    ];
    const { untracked } = await system.audit();
    const on = foreignKeys ? ' (foreign keys)' : '';
    const different = found.filter((status, n) => status === undefined || status !== expected[n]);
    return [
      none(`untracked${on}`, untracked.length),
      none(`rows with wrong relatives${on}`, await wrongRows(database)),
      none(`other status than in order${on}`, different.length),
    ];
  } finally {
    await system.close();
    await database.drop();
  }
}

const bothSchemas = async (context: RowContext): Promise<readonly Figure[]> => [
  ...(await anyOrder(context, false)),
  ...(await anyOrder(context, true)),
];

/** Not on SQS: its queue keeps the order of a family, and what is looked at here is the table. */
export const orderRows: readonly ChaosRow[] = [
  { id: 'F19', title: 'a child is recorded before its parents', on: ['rabbitmq', 'redis'], run: bothSchemas },
];
