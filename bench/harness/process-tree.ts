import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU in hundredths of a second for every program, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
const PAGE_MB = 4096 / 1024 / 1024;

export interface Usage {
  /** User and system seconds of the process and all its children, dead ones included. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** What a process and its descendants have used so far, from /proc. */
export function usageOf(root: number): Usage {
  const parents = parentsOfAll();
  let ticks = 0;
  let pages = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid, root, parents)) continue;
    const stat = statOf(pid);
    if (stat === undefined) continue;
    // utime, stime, and those of children that have ended.
    ticks += Number(stat[11]) + Number(stat[12]) + Number(stat[13]) + Number(stat[14]);
    pages += Number(stat[21]);
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssMb: pages * PAGE_MB };
}

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat !== undefined) parents.set(pid, Number(stat[1]));
  }
  return parents;
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === root) return true;
  }
  return false;
}

/** The fields after the name in brackets, which may itself hold anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
