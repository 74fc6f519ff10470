/** What the path is found from. */
export interface PathMember {
  readonly taskId: string;
  /** The task that sent it: in a chain the one before, for the body of a chord the part that ended last. */
  readonly parentId: string | null;
  readonly created: Date;
  readonly done: Date | null;
}

/**
 * The chain of tasks that decided when a family ended, first to last: the task that ended last, and back from it to what sent it. While
 * some have not ended, it leads to the one of them that was sent last.
 */
export function criticalPath(members: readonly PathMember[]): readonly string[] {
  const byId = new Map(members.map((member) => [member.taskId, member]));
  const path = new Set<string>();
  for (let at = lastOf(members); at !== undefined && !path.has(at.taskId); ) {
    path.add(at.taskId);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return [...path].reverse();
}

function lastOf(members: readonly PathMember[]): PathMember | undefined {
  let last: PathMember | undefined;
  for (const member of members) if (last === undefined || isLater(member, last)) last = member;
  return last;
}

function isLater(one: PathMember, other: PathMember): boolean {
  if (one.done === null || other.done === null) {
    if (one.done !== null || other.done !== null) return one.done === null;
    return one.created > other.created;
  }
  return one.done > other.done;
}
