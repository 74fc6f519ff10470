import { bodyOf, type Draft, draftOf, headerOf, kindOf, tasksOf } from './draft.js';
import { listOption } from './links.js';

/**
 * Puts stamps on a signature, its members, callbacks and errbacks (protocol 8.9): they travel as headers, and messages can
 * be revoked by them. A stamp of the same name is replaced.
 */
export function addStamps(draft: Draft, stamps: Readonly<Record<string, unknown>>): void {
  const { options } = draft;
  const names = new Set([
    ...((options['stamped_headers'] as string[] | undefined) ?? []),
    ...Object.keys(stamps),
  ]);
  for (const key of ['link', 'link_error']) {
    const links = listOption(options, key).map(draftOf);
    for (const link of links) addStamps(link, stamps);
    if (links.length > 0) options[key] = links;
  }
  Object.assign(options, stamps, { stamped_headers: [...names] });
  for (const member of membersOf(draft)) addStamps(member, stamps);
}

function membersOf(draft: Draft): readonly Draft[] {
  const kind = kindOf(draft);
  if (kind === 'chain' || kind === 'group') return tasksOf(draft);
  const body = kind === 'chord' ? bodyOf(draft) : undefined;
  return kind === 'chord' ? [...tasksOf(headerOf(draft)), ...(body === undefined ? [] : [body])] : [];
}
