import type { SignatureData } from '../../../../src/app/index.js';
import { type Celery, chain, chord, group, signature } from '../../../../src/index.js';
import type { AsyncResult, GroupResult, ResultTuple } from '../../../../src/results/index.js';

type Any = ReturnType<typeof signature>;

/** What to send, told so that either language builds it with its own means. */
export type Plan = Followed &
  (
    | {
        readonly task: string;
        readonly args?: readonly unknown[];
        readonly kwargs?: Readonly<Record<string, unknown>>;
        readonly immutable?: boolean;
      }
    | { readonly chain: readonly Plan[] }
    | { readonly group: readonly Plan[] }
    | { readonly map: string; readonly it: readonly unknown[] }
    | { readonly chunks: string; readonly it: readonly (readonly unknown[])[]; readonly size: number }
    | { readonly header: readonly Plan[]; readonly body: Plan }
  );

interface Followed {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly link?: readonly Plan[];
  readonly link_error?: readonly Plan[];
}

/** Options of `apply_async`; `eta` as text, callbacks as plans. */
export interface Call {
  readonly link?: readonly Plan[];
  readonly link_error?: readonly Plan[];
  readonly [option: string]: unknown;
}

/** The same as `send` of producer.py. */
export async function sendPlan(app: Celery, plan: Plan, call: Call): Promise<ResultTuple> {
  const { eta, link, link_error, ...options } = call;
  const result = (await build(app, plan).applyAsync({
    ...options,
    ...(typeof eta === 'string' && { eta: new Date(eta) }),
    ...(link && { link: link.map((each) => build(app, each)) }),
    ...(link_error && { link_error: link_error.map((each) => build(app, each)) }),
  })) as AsyncResult | GroupResult;
  return result.asTuple();
}

export function build(app: Celery | undefined, plan: Plan): Any {
  let made = bare(app, plan).set(plan.options ?? {});
  for (const callback of plan.link ?? []) made = made.link(build(app, callback));
  for (const errback of plan.link_error ?? []) made = made.linkError(build(app, errback));
  return made;
}

function bare(app: Celery | undefined, plan: Plan): Any {
  const all = (plans: readonly Plan[]): Any[] => plans.map((each) => build(app, each));
  if ('chain' in plan) return chain(all(plan.chain));
  if ('group' in plan) return group(all(plan.group));
  if ('header' in plan) return chord(all(plan.header), build(app, plan.body));
  if ('map' in plan) return over(app, 'celery.map', plan.map, { it: plan.it });
  if ('chunks' in plan) return over(app, 'celery.chunks', plan.chunks, { it: plan.it, n: plan.size });
  const { task, args = [], kwargs = {}, immutable = false } = plan;
  return signature(app, task, { args, kwargs, immutable });
}

const over = (app: Celery | undefined, task: string, inner: string, kwargs: Record<string, unknown>): Any =>
  signature(app, task, { kwargs: { task: signature(app, inner), ...kwargs }, immutable: true });

/** A plan as the wire form of its signature, for tasks that are handed one. */
export const dataOf = (plan: Plan): SignatureData => build(undefined, plan).toJSON();

/** The ids of all tasks in a result, groups opened, without those before it. */
export function idsOf([[id], members]: ResultTuple): string[] {
  return members === null ? [id] : members.flatMap(idsOf);
}

/** The ids of the tasks before it in its chain, the nearest first. */
export function parentsOf([[, parent]]: ResultTuple): string[] {
  return parent === null ? [] : [...idsOf(parent), ...parentsOf(parent)];
}
