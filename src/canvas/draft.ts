import type { SignatureData } from '../app/index.js';
import { ToolboxError } from '../base/index.js';

/** A signature being prepared: ours alone, so that it may be changed. */
export interface Draft {
  readonly task: string;
  args: readonly unknown[];
  kwargs: Record<string, unknown>;
  options: Record<string, unknown>;
  readonly subtask_type: string | null;
  immutable: boolean;
}

export type Kind = 'task' | 'chain' | 'group' | 'chord' | 'map' | 'starmap' | 'chunks';

const BY_TASK: ReadonlyMap<string, Kind> = new Map([
  ['celery.chain', 'chain'],
  ['celery.group', 'group'],
  ['celery.chord', 'chord'],
  ['celery.map', 'map'],
  ['celery.starmap', 'starmap'],
  ['celery.chunks', 'chunks'],
]);

const BY_SUBTASK_TYPE: ReadonlyMap<string, Kind> = new Map([
  ['chain', 'chain'],
  ['group', 'group'],
  ['chord', 'chord'],
]);

/** What a signature is: told by its subtask type, and for map, starmap and chunks by its task (protocol 8.1). */
export function kindOf({ task, subtask_type }: Pick<SignatureData, 'task' | 'subtask_type'>): Kind {
  return BY_SUBTASK_TYPE.get(subtask_type ?? '') ?? BY_TASK.get(task) ?? 'task';
}

/**
 * Copies a signature from wherever it comes, its members with it; chunks become the group they stand for.
 *
 * @throws ToolboxError CANVAS_INVALID when it is no signature.
 */
export function draftOf(value: unknown): Draft {
  if (!isSignature(value)) throw notASignature(value);
  const draft: Draft = {
    task: value.task,
    args: value.args ?? [],
    kwargs: { ...value.kwargs },
    options: copyOptions(value.options ?? {}),
    subtask_type: value.subtask_type ?? null,
    immutable: value.immutable === true,
  };
  const kind = kindOf(draft);
  if (kind === 'chain' || kind === 'group') draft.kwargs['tasks'] = draftsOf(draft.kwargs['tasks']);
  if (kind === 'chord') {
    const { header, body } = draft.kwargs;
    draft.kwargs['header'] = Array.isArray(header) ? draftsOf(header) : draftOf(header);
    if (body !== null && body !== undefined) draft.kwargs['body'] = draftOf(body);
  }
  return kind === 'chunks' ? groupOfChunks(draft) : draft;
}

/** A new signature of a kind. */
export const newDraft = (kind: 'chain' | 'group' | 'chord', kwargs: Record<string, unknown>): Draft => ({
  task: `celery.${kind}`,
  args: [],
  kwargs,
  options: {},
  subtask_type: kind,
  immutable: false,
});

/** The members of a chain or a group. */
export const tasksOf = (draft: Draft): Draft[] => draft.kwargs['tasks'] as Draft[];

/** A chord's header as a group: with the group's id when it has been frozen. */
export function headerOf(draft: Draft): Draft {
  const header = draft.kwargs['header'] as Draft | Draft[];
  if (Array.isArray(header)) return newDraft('group', { tasks: header });
  const kind = kindOf(header);
  if (kind === 'group') return header;
  return newDraft('group', { tasks: kind === 'chain' ? tasksOf(header) : [header] });
}

/** A chord's body; undefined when none was given yet. */
export const bodyOf = (draft: Draft): Draft | undefined =>
  (draft.kwargs['body'] ?? undefined) as Draft | undefined;

/** A group of no task, which a chain leaves out. */
export const isEmptyGroup = (draft: Draft): boolean =>
  kindOf(draft) === 'group' && tasksOf(draft).length === 0;

function draftsOf(value: unknown): Draft[] {
  if (!Array.isArray(value)) throw notASignature(value);
  return value.map(draftOf);
}

// Lists are extended while preparing: the copy needs lists of its own.
const copyOptions = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  );

function isSignature(value: unknown): value is SignatureData {
  return (
    typeof value === 'object' && value !== null && typeof (value as { task?: unknown }).task === 'string'
  );
}

const notASignature = (value: unknown): ToolboxError =>
  new ToolboxError(
    'CANVAS_INVALID',
    `Expected a signature (make one with task.s(...)), got ${Array.isArray(value) ? 'a list' : typeof value}`,
  );

/** Chunks are a group of starmaps, one for each n items (protocol 8.7). */
function groupOfChunks({ kwargs, options }: Draft): Draft {
  const { task, it, n } = kwargs as { task: unknown; it: readonly unknown[]; n: number };
  const parts = Array.from({ length: Math.ceil(it.length / n) }, (_, at) => it.slice(at * n, (at + 1) * n));
  const tasks = parts.map(
    (part): Draft => ({
      task: 'celery.starmap',
      args: [],
      kwargs: { task, it: part },
      options: {},
      subtask_type: null,
      immutable: true,
    }),
  );
  return { ...newDraft('group', { tasks }), options };
}
