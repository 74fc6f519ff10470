import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** Whether processes can be looked up by their environment: Linux shows it. */
export const canTrace = (): boolean => existsSync('/proc/self/environ');
export const NO_TRACE = 'Linux only: looks for processes in /proc';

/** Marks the processes a test starts, whoever starts them, and gives them a folder for their temporary files. */
export interface Trace {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Command lines of those that run. */
  running(): readonly string[];
  /** Waits until none runs; then no temporary folder may be left, but for those that hold these files. */
  expectNothingLeft(except?: readonly string[]): Promise<void>;
}

const OURS = /^workertoolbox-/;

export async function trace(): Promise<Trace> {
  const mark = `WORKERTOOLBOX_TEST_TRACE=${randomUUID()}`;
  const folder = await mkdtemp(join(tmpdir(), 'trace-'));
  // As /tmp is: PostgreSQL runs as another user where the tests run as root.
  await chmod(folder, 0o1777);
  const pids = (): readonly string[] =>
    readdirSync('/proc').filter((name) => /^\d+$/.test(name) && has(name, mark));
  onTestFinished(async () => {
    for (const pid of pids()) kill(Number(pid));
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const running = (): readonly string[] =>
    pids().map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  const [name, value] = mark.split('=') as [string, string];
  return {
    env: { [name]: value, TMPDIR: folder },
    folder,
    running,
    expectNothingLeft: async (except = []) => {
      await expect.poll(running, { timeout: 15_000, interval: 50 }).toEqual([]);
      const left = (await readdir(folder)).filter((entry) => OURS.test(entry));
      expect(left.filter((entry) => !except.some((path) => path.includes(`/${entry}/`)))).toEqual([]);
    },
  };
}

/** Processes come and go while one looks. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const has = (pid: string, mark: string): boolean => read(`/proc/${pid}/environ`).split('\0').includes(mark);

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
