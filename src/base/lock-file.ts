import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';

interface Holder {
  readonly pid: number;
  /** When the process began, in the words of the system; tells a process from a later one with the same number. */
  readonly began: string;
}

/**
 * Takes a lock that keeps other processes out: a file naming its holder. One whose holder no longer lives, as after
 * kill -9, is taken over.
 * @returns a function that gives the lock free
 * @throws what `refusal` makes when a living process holds it (its id), or others keep taking it (undefined)
 */
export function takeLock(path: string, refusal: (holder: number | undefined) => Error): () => void {
  const own: Holder = { pid: process.pid, began: beginOf(process.pid) };
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (create(path, own)) return () => rmSync(path, { force: true });
    const holder = read(path);
    if (holder === undefined) continue;
    if (isAlive(holder)) throw refusal(holder.pid);
    takeAway(path, holder);
  }
  throw refusal(undefined);
}

function create(path: string, holder: Holder): boolean {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, JSON.stringify(holder));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The holder; undefined when the file has just gone. An unreadable file is a crash between making and writing it. */
function read(path: string): Holder | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return { pid: Number(pid), began: String(began) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { pid: Number.NaN, began: '' };
  }
}

/** Removes a dead holder's file. Renaming is atomic: when a quicker process had put its own there, it is put back. */
function takeAway(path: string, dead: Holder): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const taken = read(aside);
    if (taken !== undefined && !Number.isNaN(taken.pid) && taken.pid !== dead.pid) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isAlive({ pid, began }: Holder): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return began === beginOf(pid);
}

/** Linux tells when a process began (field 22 of its stat line, counted after the name); elsewhere the text is empty. */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
