import { ToolboxError } from '../../base/index.js';
import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';
import { inspectTaskTable } from '../tracking/task-table.js';
import { type Due, type DueFamily, dueFamilies } from './due-families.js';
import { type Removed, removeFamilies } from './remove-families.js';

export interface ForgetTasksOptions extends Due {
  /** Also their results. Default false: those stay where they are. */
  readonly withResults?: boolean;
  /** Remove nothing, and tell what would go. Default false. */
  readonly dryRun?: boolean;
  /** Told after every page, with what is gone by then. */
  readonly onProgress?: (forgotten: Forgotten) => void;
  /** Ends the work after the statement that runs. */
  readonly signal?: AbortSignal;
}

export interface Forgotten {
  readonly families: number;
  readonly tasks: number;
  readonly results: number;
  /** Families that were due, and stay: rows elsewhere refer to them, or they changed meanwhile. */
  readonly kept: number;
}

/** Most rows of one statement, where a family has not more. */
const BATCH = 1000;

/**
 * Removes whole families of tasks that ended before a time, with their runs, marks and kept messages; families of which
 * anything has not ended, or is younger, stay whole. In batches, each with its own transaction: what is done stays done.
 *
 * @throws STORE_REFUSED when there are no tables of tasks and results, or the role may not remove (`grant-sync-tasks --retain`).
 */
export async function forgetTasks(
  database: Database,
  { withResults = false, dryRun = false, onProgress, signal, ...due }: ForgetTasksOptions,
): Promise<Forgotten> {
  await inspectTaskTable(database);
  const shape = await storeShape(database);
  if (!shape.results) throw noResults(database);
  const remove = dryRun
    ? (families: readonly DueFamily[]) => Promise.resolve(sumOf(families, withResults))
    : (families: readonly DueFamily[]) => removeFamilies(database, shape, families, withResults);
  let forgotten: Forgotten = { families: 0, tasks: 0, results: 0, kept: 0 };
  for await (const page of dueFamilies(database, shape, due)) {
    for (const batch of batchesOf(page)) {
      if (signal?.aborted) return forgotten;
      forgotten = added(forgotten, await removeOrSplit(batch, remove));
    }
    onProgress?.(forgotten);
    if (signal?.aborted) return forgotten;
  }
  return forgotten;
}

/** One family that must stay keeps its batch: halves are tried until it is alone. */
async function removeOrSplit(
  families: readonly DueFamily[],
  remove: (families: readonly DueFamily[]) => Promise<Removed | undefined>,
): Promise<Forgotten> {
  const removed = await remove(families);
  if (removed !== undefined) return { ...removed, families: families.length, kept: 0 };
  if (families.length === 1) return { families: 0, tasks: 0, results: 0, kept: 1 };
  const middle = Math.ceil(families.length / 2);
  const first = await removeOrSplit(families.slice(0, middle), remove);
  return added(first, await removeOrSplit(families.slice(middle), remove));
}

function batchesOf(families: readonly DueFamily[]): DueFamily[][] {
  const batches: DueFamily[][] = [];
  let rows = BATCH;
  for (const family of families) {
    if (rows + family.tasks > BATCH) {
      batches.push([]);
      rows = 0;
    }
    batches.at(-1)?.push(family);
    rows += family.tasks;
  }
  return batches;
}

const sumOf = (families: readonly DueFamily[], withResults: boolean): Removed => ({
  tasks: families.reduce((sum, { tasks }) => sum + tasks, 0),
  results: withResults ? families.reduce((sum, { results }) => sum + results, 0) : 0,
});

const added = (one: Forgotten, other: Forgotten): Forgotten => ({
  families: one.families + other.families,
  tasks: one.tasks + other.tasks,
  results: one.results + other.results,
  kept: one.kept + other.kept,
});

const noResults = (database: Database): ToolboxError =>
  new ToolboxError(
    'STORE_REFUSED',
    `there is no table celery_taskmeta in ${database.url}, or it may not be read: what has ended cannot be told`,
    { fields: { url: database.url } },
  );
