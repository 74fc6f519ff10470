import type { SignatureData } from '../app/index.js';
import { ToolboxError } from '../base/index.js';
import type { GroupResult } from '../results/index.js';
import { draftOf, kindOf, newDraft } from './draft.js';
import { chainOf } from './fold.js';
import type { CanvasApp } from './sending.js';
import { type AnySignature, Signature } from './signature.js';

type Step<In extends readonly unknown[], Out> = Signature<In, Out, unknown>;
type ResultOf<S> = S extends Signature<never, unknown, infer Result> ? Result : never;
type OutOf<S> = S extends { readonly '~types': { readonly returns: infer Out } } ? Out : unknown;
type OutsOf<Tasks extends readonly unknown[]> = { -readonly [K in keyof Tasks]: OutOf<Tasks[K]> };

/** A signature by the task's name, or from its wire form. Without an app it can be part of a workflow, not be sent alone. */
export function signature(
  app: CanvasApp | undefined,
  task: string | SignatureData,
  parts: Partial<Omit<SignatureData, 'task'>> = {},
): AnySignature {
  if (typeof task !== 'string') return new Signature(app, task);
  return new Signature(app, {
    task,
    args: [],
    kwargs: {},
    options: {},
    subtask_type: null,
    immutable: false,
    ...parts,
  });
}

/** Each task follows the one before and gets its result (protocol 8.4). One list, or the tasks themselves. */
export function chain<In extends readonly unknown[], A, B, R>(
  a: Step<In, A>,
  b: Signature<[A], B, R>,
): Signature<In, B, R>;
export function chain<In extends readonly unknown[], A, B, C, R>(
  a: Step<In, A>,
  b: Step<[A], B>,
  c: Signature<[B], C, R>,
): Signature<In, C, R>;
export function chain<In extends readonly unknown[], A, B, C, D, R>(
  a: Step<In, A>,
  b: Step<[A], B>,
  c: Step<[B], C>,
  d: Signature<[C], D, R>,
): Signature<In, D, R>;
export function chain<In extends readonly unknown[], A, B, C, D, E, R>(
  a: Step<In, A>,
  b: Step<[A], B>,
  c: Step<[B], C>,
  d: Step<[C], D>,
  e: Signature<[D], E, R>,
): Signature<In, E, R>;
export function chain(tasks: readonly AnySignature[]): AnySignature;
export function chain(
  a: AnySignature,
  b: AnySignature,
  c: AnySignature,
  d: AnySignature,
  e: AnySignature,
  f: AnySignature,
  ...more: AnySignature[]
): AnySignature;
export function chain(...given: readonly (AnySignature | readonly AnySignature[])[]): AnySignature {
  const tasks = given.flat() as readonly AnySignature[];
  const app = appOf(tasks);
  return new Signature(
    app,
    chainOf(tasks, () => app?.conf.task_allow_error_cb_on_chord_header === true),
  );
}

/** All tasks at once; the result is the list of theirs (protocol 8.5). */
export function group<const Tasks extends readonly AnySignature[]>(
  tasks: Tasks,
): Signature<readonly unknown[], OutsOf<Tasks>, GroupResult<OutsOf<Tasks>[number]>>;
export function group<const Tasks extends readonly AnySignature[]>(
  ...tasks: Tasks
): Signature<readonly unknown[], OutsOf<Tasks>, GroupResult<OutsOf<Tasks>[number]>>;
export function group(...given: readonly (AnySignature | readonly AnySignature[])[]): AnySignature {
  const tasks = given.flat() as readonly AnySignature[];
  return new Signature(appOf(tasks), newDraft('group', { tasks: tasks.map(draftOf) }));
}

/** A header that waits for its body: call it with the body to send the chord. */
export interface OpenChord<Outs> {
  /** Sends the header, and the body with the list of its results. Rejects as `applyAsync`. */
  <B, R>(body: Signature<[Outs], B, R>): Promise<R>;
}

type Header = readonly AnySignature[] | AnySignature;
/** What a header's tasks return, as one list. */
type HeaderOuts<H> = H extends readonly unknown[]
  ? number extends H['length']
    ? OutOf<H[number]>[]
    : OutsOf<H>
  : OutOf<H> extends readonly unknown[]
    ? OutOf<H>
    : OutOf<H>[];

/** The body runs with the list of the header's results when all of them are there (protocol 8.6). */
export function chord<const H extends Header>(header: H): OpenChord<HeaderOuts<H>>;
export function chord<const H extends Header, B, R>(
  header: H,
  body: Signature<[HeaderOuts<H>], B, R>,
): Signature<readonly unknown[], B, R>;
export function chord(header: Header, body?: AnySignature): AnySignature | OpenChord<unknown> {
  if (body !== undefined) return chordOf(header, body);
  return (later) => chordOf(header, later as AnySignature).applyAsync() as Promise<ResultOf<typeof later>>;
}

function chordOf(header: Header, body: AnySignature): AnySignature {
  const list = Array.isArray(header) ? (header as readonly AnySignature[]) : [header as AnySignature];
  const drafts = list.map(draftOf);
  const [only] = drafts;
  const tasks =
    drafts.length === 1 && only !== undefined && kindOf(only) === 'group' ? only.kwargs['tasks'] : drafts;
  return new Signature(
    appOf([...list, body]),
    newDraft('chord', { kwargs: {}, header: tasks, body: draftOf(body) }),
  );
}

/** The app of the first signature that has one; they may not belong to several. */
function appOf(tasks: readonly AnySignature[]): CanvasApp | undefined {
  const apps = new Set(tasks.map(({ app }) => app).filter((app) => app !== undefined));
  if (apps.size <= 1) return apps.values().next().value;
  throw new ToolboxError('CANVAS_INVALID', 'The tasks of one workflow must belong to one app');
}
