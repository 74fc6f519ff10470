import { expect } from 'vitest';
import type { ResultTuple } from '../../../../src/results/index.js';
import { type Call, idsOf, type Plan } from '../support/plan.js';
import type { Language, Prefix, Seen, System } from '../support/system.js';

/** Who sends, and who works. */
export interface Flow {
  readonly from: Language;
  readonly at: Prefix;
  /** Where a workflow's other tasks run: at the other language's worker. */
  readonly other: Prefix;
  readonly system: () => System;
  readonly anyProperty: boolean;
  readonly older: boolean;
}

export const FLOWS: readonly Pick<Flow, 'from' | 'at' | 'other'>[] = [
  { from: 'python', at: 'ts', other: 'py' },
  { from: 'typescript', at: 'py', other: 'ts' },
  { from: 'python', at: 'both', other: 'both' },
  { from: 'typescript', at: 'both', other: 'both' },
];

/** What the task `about` tells of its request. */
export interface About {
  readonly lang: Language;
  readonly id: string;
  readonly root: string;
  readonly parent: string | null;
  readonly retries: number;
  readonly group: string | null;
  readonly group_index: number | null;
  readonly time: number;
  readonly eta: string | null;
  readonly timelimit: readonly (number | null)[];
  readonly priority: number | null;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly header: unknown;
}

export const send = ({ system, from }: Flow, plan: Plan, call?: Call): Promise<ResultTuple> =>
  system().send(from, plan, call);

/** Sends a single task; resolves with its id. */
export async function sendTask(flow: Flow, plan: Plan, call?: Call): Promise<string> {
  const [id] = idsOf(await send(flow, plan, call));
  if (id === undefined) throw new Error('nothing was sent');
  return id;
}

/** Waits until a task has succeeded, checks that both languages read the same, and gives the value. */
export async function succeeded<T = unknown>({ system }: Flow, id: string): Promise<T> {
  const { meta, python } = await system().ended(id);
  expect(meta).toMatchObject({ status: 'SUCCESS', traceback: null });
  expect(meta.dateDone).toBeInstanceOf(Date);
  expect(python).toEqual({ state: 'SUCCESS', value: meta.result, traceback: null });
  return meta.result as T;
}

export interface Failure {
  readonly type: string;
  readonly module?: string;
  readonly args: readonly unknown[];
}

/** Waits until a task has failed, and checks that both languages read this failure. */
export async function failed({ system }: Flow, id: string, failure: Failure): Promise<Seen> {
  const seen = await system().ended(id);
  showsFailure(seen, 'FAILURE', failure);
  return seen;
}

export function showsFailure(
  { meta, python }: Seen,
  state: string,
  { type, module = 'builtins', args }: Failure,
): void {
  expect(meta).toMatchObject({
    status: state,
    result: { exc_type: type, exc_message: args, exc_module: module },
  });
  expect(python).toMatchObject({ state, error: { type, module, args } });
}
