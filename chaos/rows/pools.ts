import {
  alwaysKilled,
  killedOnce,
  neverEnding,
  outOfMemory,
  strayErrors,
} from '../../test/system/pools/scenarios.js';
import { type ChaosRow, type Figure, none, type RowContext, within } from '../harness/row.js';

const POOLS = ['threads', 'prefork'] as const;
type PoolName = (typeof POOLS)[number];
type Settings = NonNullable<Parameters<typeof killedOnce>[3]>;

/** The scenario stops its worker itself. */
const ended = (): void => {};

/** Each pool in turn, on the row's broker; figures are told apart by the pool's name. */
const inEachPool =
  (measure: (pool: PoolName, settings: Settings, context: RowContext) => Promise<readonly Figure[]>) =>
  async (context: RowContext): Promise<readonly Figure[]> => {
    const place = await context.servers.broker(context.transport);
    const settings = { broker_url: place.url, broker_transport_options: place.options };
    try {
      const all: Figure[] = [];
      for (const pool of POOLS) {
        const figures = await measure(pool, settings, context);
        all.push(...figures.map((figure) => ({ ...figure, what: `${pool}: ${figure.what}` })));
      }
      return all;
    } finally {
      await place.remove();
    }
  };

const childKilled = inEachPool(async (pool, settings, { count }) => {
  const { lost } = await killedOnce(pool, count(10, 500), ended, settings);
  const always = await alwaysKilled(pool, 'exit', count(40, 1_000), ended, settings);
  return [
    none('lost', lost + always.lost),
    none('deliveries of a task that always kills, beyond five', Math.max(0, always.deliveries - 5)),
    none('given up without quarantine', always.quarantined.length === 1 ? 0 : 1),
    none('messages left', always.left),
  ];
});

const endless = inEachPool(async (pool, settings, { count }) => {
  const tasks = count(6, 100);
  const { recovered, slowestMs } = await neverEnding(pool, tasks, 0.5, ended, settings);
  return [
    none('slots that did not come back', tasks - recovered),
    within('seconds after the limit, slowest', slowestMs / 1000, 1),
  ];
});

const unheard = inEachPool(async (pool, settings, { count }) => {
  const tasks = count(10, 200);
  const { failed } = await strayErrors(pool, tasks, ended, settings);
  return [none('errors nobody heard that failed no task', tasks - failed)];
});

const devouring = inEachPool(async (pool, settings) => {
  const { meta, ms, after } = await outOfMemory(pool, ended, settings);
  return [
    none('not FAILURE', meta.status === 'FAILURE' ? 0 : 1),
    none('the next task did not run', after.status === 'SUCCESS' ? 0 : 1),
    within('seconds until the failure is stored', ms / 1000, 10),
  ];
});

const ON = ['rabbitmq', 'redis'] as const;

/** What tasks do to the threads and processes they run in. */
export const poolRows: readonly ChaosRow[] = [
  { id: 'F3', title: 'a child of the pool is killed, or ends itself (F14)', on: ON, run: childKilled },
  { id: 'F9', title: 'a task that never ends', on: ON, run: endless },
  { id: 'F11', title: 'errors that no promise hears', on: ON, run: unheard },
  { id: 'F12', title: 'a task that takes all memory', on: ON, run: devouring },
];
