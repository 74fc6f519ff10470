import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('../fixtures/serve.ts', import.meta.url));

/** A folder that goes with the test. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sqs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** kill -9, and wait for the end. */
  kill(): Promise<void>;
}

/** Starts a server in a process of its own; `prelude` is shell run before it, such as a limit. */
export async function serverProcess(folder: string, prelude = ':'): Promise<ServerProcess> {
  const command = `${prelude}; exec "$0" --import tsx "$@"`;
  const child = spawn('sh', ['-c', command, process.execPath, script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => end(child);
  onTestFinished(kill);
  for await (const url of createInterface({ input: child.stdout })) return { url, pid: child.pid!, kill };
  throw new Error('the server process ended without a word');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
