import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { celeryPython } from '../../support/python.js';

const SCRIPT = fileURLToPath(new URL('chords_peer.py', import.meta.url));

/** What `run` came to. */
export type PythonRun = {
  readonly id: string;
  readonly value?: unknown;
  readonly raised?: string;
  readonly args?: readonly string[];
};

/** A Python program that sends and reads, and a Python worker beside it. */
export interface PythonApp {
  ask<T>(command: string, ...args: readonly unknown[]): Promise<T>;
  stop(): Promise<void>;
}

/** `settings` are Celery's, and `ours` and `theirs`: the queues of either side. */
export function startPythonApp(settings: Readonly<Record<string, unknown>>): PythonApp {
  const python = celeryPython();
  if (python === undefined) throw new Error('no Python with Celery');
  const start = (mode: string): ChildProcess =>
    spawn(python, [SCRIPT, mode, JSON.stringify(settings)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Containers run tests as root, for which Celery refuses pickle otherwise.
      env: { ...process.env, C_FORCE_ROOT: '1' },
    });
  const worker = start('worker');
  worker.stdout?.resume();
  const calls = start('calls');
  const { stdin, stdout } = calls;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    ask: <T>(command: string, ...args: readonly unknown[]) => {
      const asked = turn.then(async () => {
        stdin.write(`${JSON.stringify({ do: command, with: args })}\n`);
        const { value, done } = await answers.next();
        if (done === true) throw new Error('the Python peer has ended');
        const answer = JSON.parse(value) as { ok: T } | { error: string };
        if ('error' in answer) throw new Error(answer.error);
        return answer.ok;
      });
      turn = asked.catch(() => undefined);
      return asked;
    },
    stop: async () => {
      const ended = Promise.all([calls, worker].map((child) => once(child, 'exit')));
      stdin.end();
      worker.kill('SIGTERM');
      await ended;
    },
  };
}
