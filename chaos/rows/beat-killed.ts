import { readFileSync } from 'node:fs';
import { openEntryStore, type StoredEntry } from '../../src/beat/index.js';
import { taskIdOf } from '../../src/beat/task-id.js';
import { chaosApp } from '../children/chaos-app.js';
import { type BeatPlan, leadersOf } from '../children/plans.js';
import { ChaosProcess } from '../harness/chaos-process.js';
import { atLeast, type ChaosRow, type Figure, none, type RowContext, TRANSPORTS } from '../harness/row.js';
import { ChaosSystem } from '../harness/system.js';

const INSTANCES = 3;
const LEASE_MS = 1000;
const TICK_MS = 100;
const ENTRY = 'tick';

/** Several beats on one store; the one that leads is killed again and again. */
async function leadersKilled({ servers, transport, count }: RowContext): Promise<readonly Figure[]> {
  const [kills, ticks] = [count(6, 50), count(150, 1000)];
  const beat_schedule = {
    [ENTRY]: { task: 'chaos.work', schedule: TICK_MS / 1000, args: [0, 0], catch_up: 'all' },
  };
  const system = await ChaosSystem.start(servers, transport, { settings: { beat_schedule } });
  const { broker_url } = system.settings;
  const place = transport === 'redis' ? String(broker_url) : system.database.url;
  const plan: BeatPlan = {
    settings: system.settings,
    ledger: system.ledgerPath,
    store: place,
    leaseMs: LEASE_MS,
  };
  const beats: ChaosProcess[] = [];
  const launch = async (): Promise<void> => {
    const beat = new ChaosProcess('beat', plan);
    beats.push(beat);
    await beat.ready();
  };
  try {
    await Promise.all(Array.from({ length: INSTANCES }, launch));
    for (let n = 1; n <= kills; n += 1) {
      await system.completed(Math.floor((ticks * n) / (kills + 1)));
      const leader = beats.find(({ pid }) => pid === lastLeader(system.ledgerPath));
      if (leader === undefined) throw new Error('the leader is not one of ours');
      await leader.kill();
      beats.splice(beats.indexOf(leader), 1);
      await launch();
    }
    await system.completed(ticks);
    for (const beat of beats) beat.signal('SIGTERM');
    const codes = await Promise.all(beats.map(({ ended }) => ended));
    const { cursor, totalRunCount: sent, pending } = await stored(place);
    system.accepted.push(...Array.from({ length: sent }, (_, n) => dueTask(cursor, n)));
    const found = await system.settled();
    const all = system.ledgerNow();
    return [
      atLeast('ticks', sent, ticks),
      none('ticks missed', found.lost.length + (pending === null ? 0 : 1)),
      none('ticks untracked', found.untracked.length),
      none('tasks run twice', found.extraRuns),
      none(
        'tasks of no tick',
        all.begun - system.accepted.filter((id) => all.of(id).starts.length > 0).length,
      ),
      atLeast('leaders', leaders(system.ledgerPath).length, kills + 1),
      none('instances that did not stop when told', codes.filter((code) => code !== 0).length),
    ];
  } finally {
    await Promise.all(beats.map((beat) => beat.kill()));
    await system.close();
  }
}

const leaders = (ledger: string): readonly number[] =>
  readFileSync(leadersOf(ledger), 'utf8').trimEnd().split('\n').map(Number);
const lastLeader = (ledger: string): number => leaders(ledger).at(-1) ?? 0;

/** Every run of an interval that catches up is due one interval before the next, down from the last one. */
const dueTask = (cursor: number | null, back: number): string =>
  taskIdOf('chaos', ENTRY, (cursor ?? 0) - back * TICK_MS);

async function stored(place: string): Promise<StoredEntry> {
  const { app } = chaosApp({}, '');
  const store = await openEntryStore(app, place);
  try {
    const entry = (await store.load()).find(({ name }) => name === ENTRY);
    if (entry === undefined) throw new Error('the store has no entry');
    return entry;
  } finally {
    await store.close();
    await app.close();
  }
}

export const beatRows: readonly ChaosRow[] = [
  {
    id: 'F64',
    title: 'the beat that leads is killed (entries in PostgreSQL; on Redis in Redis)',
    on: TRANSPORTS,
    run: leadersKilled,
  },
];
