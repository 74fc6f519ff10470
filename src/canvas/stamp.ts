import type { SignatureData } from '../app/index.js';
import { bodyOf, type Draft, draftOf, headerOf, kindOf, tasksOf } from './draft.js';
import { listOption } from './links.js';
import { mergeStamps, named, type Stamps, stampsOf } from './merge-stamps.js';

type Visit = (signature: SignatureData, stamps: Stamps) => Stamps | undefined;
type Notice = (signature: SignatureData, stamps: Stamps) => void;

/**
 * Chooses stamps for each part of a workflow (Celery's `StampingVisitor`). Every method is told the part and the stamps it
 * gets anyway, and gives those to add; what it gives for a chain, group or chord, all members get. Of what it gives, names
 * in `stamped_headers` are stamps and others plain options; without that list all are stamps.
 */
export interface StampingVisitor {
  /** A single task. */
  readonly onSignature: Visit;
  readonly onChainStart?: Visit;
  readonly onChainEnd?: Notice;
  readonly onGroupStart?: Visit;
  readonly onGroupEnd?: Notice;
  /** A chord, before its header's tasks. Default: `onGroupStart` with the header. */
  readonly onChordHeaderStart?: Visit;
  /** Default: `onGroupEnd` with the header. */
  readonly onChordHeaderEnd?: Notice;
  /** A chord, before its body. */
  readonly onChordBody?: Visit;
  readonly onCallback?: Visit;
  readonly onErrback?: Visit;
}

export interface StampOptions {
  /** A stamp of a name that is there already joins it in a list; else it replaces the older one. Default false. */
  readonly appendStamps?: boolean;
  /** Stamps beside those of a visitor; they win over its own. */
  readonly stamps?: Stamps;
}

interface Stamping {
  readonly visitor: StampingVisitor | undefined;
  readonly append: boolean;
}

/**
 * Puts stamps on a signature, its members, callbacks and errbacks (protocol 8.9): they travel as headers, and messages can
 * be revoked by them.
 */
export function addStamps(
  draft: Draft,
  given: Stamps | StampingVisitor,
  { appendStamps = false, stamps = {} }: StampOptions = {},
): void {
  const visitor = isVisitor(given) ? given : undefined;
  stampDraft(draft, visitor ? stamps : { ...given, ...stamps }, { visitor, append: appendStamps });
}

const isVisitor = (given: Stamps | StampingVisitor): given is StampingVisitor =>
  typeof given['onSignature' as keyof typeof given] === 'function';

function stampDraft(draft: Draft, given: Stamps, by: Stamping): void {
  const { visitor } = by;
  switch (kindOf(draft)) {
    case 'chain': {
      const all = collected(draft, given, visitor?.onChainStart?.(draft, given), by);
      stampMembers(draft, tasksOf(draft), all, by);
      visitor?.onChainEnd?.(draft, all);
      break;
    }
    case 'group': {
      const all = collected(draft, given, visitor?.onGroupStart?.(draft, given), by);
      stampMembers(draft, tasksOf(draft), all, by);
      visitor?.onGroupEnd?.(draft, all);
      break;
    }
    case 'chord':
      stampChord(draft, given, by);
      break;
    default: {
      stampLinks(draft, given, by);
      Object.assign(draft.options, collected(draft, given, visitor?.onSignature(draft, given), by));
    }
  }
}

function stampChord(draft: Draft, given: Stamps, by: Stamping): void {
  const { visitor } = by;
  const header = headerOf(draft);
  const started = visitor?.onChordHeaderStart
    ? visitor.onChordHeaderStart(draft, given)
    : visitor?.onGroupStart?.(header, given);
  const all = collected(draft, given, started, by);
  stampMembers(draft, tasksOf(header), all, by);
  if (visitor?.onChordHeaderEnd) visitor.onChordHeaderEnd(draft, all);
  else visitor?.onGroupEnd?.(header, all);
  const body = bodyOf(draft);
  if (body !== undefined) stampDraft(body, collected(draft, all, visitor?.onChordBody?.(draft, all), by), by);
}

function stampMembers(draft: Draft, members: readonly Draft[], all: Stamps, by: Stamping): void {
  stampLinks(draft, all, by);
  for (const member of members) stampDraft(member, all, by);
}

function stampLinks({ options }: Draft, given: Stamps, by: Stamping): void {
  const stampAll = (key: 'link' | 'link_error', visit: Visit | undefined): void => {
    const links = listOption(options, key).map(draftOf);
    for (const link of links) stampDraft(link, joined(given, visit?.(link, given), by), by);
    if (links.length > 0) options[key] = links;
  };
  stampAll('link', by.visitor?.onCallback?.bind(by.visitor));
  stampAll('link_error', by.visitor?.onErrback?.bind(by.visitor));
}

/** What was given, then what the visitor adds, then what is there already. */
const collected = (draft: Draft, given: Stamps, added: Stamps | undefined, by: Stamping): Stamps =>
  mergeStamps(joined(given, added, by), stampsOf(draft.options), by.append);

const joined = (given: Stamps, added: Stamps | undefined, { append }: Stamping): Stamps =>
  added === undefined ? named(given) : mergeStamps(named(given), named(added), append);
