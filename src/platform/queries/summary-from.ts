import { isReady, redact } from '../../base/index.js';
import { argsRepr, pythonRepr } from '../../serialization/index.js';
import type { Phase, TaskFlag, TaskSummary } from '../views/index.js';
import { closeJson } from './close-json.js';
import { failureIn, readJsonb, readResult } from './read-value.js';
import { reasonOf } from './reason.js';
import type { SummaryRow } from './summary-columns.js';

const SHOWN = 200;

/** A line of the list, of the row that the database gave. */
export function summaryFrom(row: SummaryRow): TaskSummary {
  const { id, name, state, queue, parentId, rootId, creatorId, relatedObjectId, isResult } = row;
  const read = row.result === null ? undefined : readResult(state, row.result);
  const failure = read && failureIn(read);
  const done = isReady(state) ? (row.stored ?? row.ended) : null;
  const ran = done === null ? null : (row.ended ?? done);
  return {
    id,
    name,
    state,
    phase: row.phase as Phase,
    reason: reasonOf(row, failure),
    flags: flagsOf(row),
    created: iso(row.created),
    eta: isoOrNull(row.eta),
    started: isoOrNull(row.started),
    done: isoOrNull(done),
    waitMs: span(Math.max(row.created, row.eta ?? 0), row.started),
    runMs: row.started === null ? null : span(row.started, ran),
    retries: Math.trunc(row.retries),
    queue,
    worker: row.worker ?? hostOf(read),
    parentId,
    rootId,
    creatorId,
    relatedObjectId,
    isResult,
    args: shownArgs(row.args),
    kwargs: shownKwargs(row.kwargs),
    error: state === 'FAILURE' ? (failure?.exc_type ?? null) : null,
  };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
/** Clocks of two hosts differ: no time is negative. */
const span = (from: number, to: number | null): number | null =>
  to === null ? null : Math.max(0, Math.round((to - from) * 1000) / 1000);

function flagsOf(row: SummaryRow): TaskFlag[] {
  const flags: TaskFlag[] = ['orphan', 'stuck', 'untracked', 'quarantined'];
  return flags.filter((flag) => row[flag]);
}

/** In STARTED the result says who runs the task. */
function hostOf(read: ReturnType<typeof readResult> | undefined): string | null {
  const value = read !== undefined && 'value' in read ? read.value : undefined;
  const host = (value as { hostname?: unknown } | null | undefined)?.hostname;
  return typeof host === 'string' ? host : null;
}

const TOO_LARGE = '...';

function partOf(text: string | null): unknown {
  if (text === null) return undefined;
  const read = readJsonb(text);
  const whole = 'value' in read ? read : readJsonb(closeJson(text));
  return 'value' in whole ? redact(whole.value) : undefined;
}

function shownArgs(text: string | null): string {
  const value = partOf(text);
  return Array.isArray(value) ? cut(argsRepr(value, { maxLength: SHOWN })) : TOO_LARGE;
}

function shownKwargs(text: string | null): string {
  const value = partOf(text);
  return value === undefined ? TOO_LARGE : cut(pythonRepr(value, { maxLength: SHOWN }));
}

const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN - 3)}...` : text);
