import { isDeepStrictEqual } from 'node:util';
import type { SignatureData } from '../app/index.js';
import { bodyOf, type Draft, draftOf, headerOf, kindOf, tasksOf } from './draft.js';

export type LinkKind = 'link' | 'link_error';

/** The signatures of a list option, which may hold one alone. */
export function listOption(options: Readonly<Record<string, unknown>>, key: string): SignatureData[] {
  const value = options[key];
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value as SignatureData];
}

function append(draft: Draft, key: LinkKind, callback: SignatureData): void {
  const list = listOption(draft.options, key);
  if (list.some((known) => isDeepStrictEqual(known, callback))) return;
  draft.options[key] = [...list, callback];
}

/** Adds what is sent when the signature's work has succeeded (protocol 8.3 to 8.6): a group's goes to its first task only. */
export function addLink(draft: Draft, callback: SignatureData): void {
  const kind = kindOf(draft);
  const body = kind === 'chord' ? bodyOf(draft) : undefined;
  if (body !== undefined) addLink(body, callback);
  else if (kind === 'group') {
    const [first] = tasksOf(draft);
    // The first task cannot hand over what the others return: its callback takes no result.
    if (first !== undefined) addLink(first, { ...draftOf(callback), immutable: true });
  } else append(draft, 'link', callback);
}

/**
 * Adds what is sent when the signature's work has failed: to each task of a group; to a chord's body, and with
 * `task_allow_error_cb_on_chord_header` to each header task as well.
 */
export function addLinkError(draft: Draft, errback: SignatureData, onHeader = false): void {
  const kind = kindOf(draft);
  if (kind === 'group') {
    for (const task of tasksOf(draft)) addLinkError(task, errback, onHeader);
  } else if (kind === 'chord') {
    for (const task of tasksOf(headerOf(draft))) {
      if (onHeader || kindOf(task) === 'chord') addLinkError(task, errback, onHeader);
    }
    const body = bodyOf(draft);
    if (body !== undefined) addLinkError(body, errback, onHeader);
  } else append(draft, 'link_error', errback);
}
