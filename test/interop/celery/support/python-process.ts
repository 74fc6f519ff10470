import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ResultTuple } from '../../../../src/results/index.js';
import type { Call, Plan } from './plan.js';

const FOLDER = fileURLToPath(new URL('../python/', import.meta.url));
/** Kept of what a program says, to be shown when something fails. */
const LOG_LINES = 60;

export type PythonEnvironment = Readonly<Record<string, string>>;

/** What a Python program sees of a task. */
export interface PythonSeen {
  readonly state: string;
  readonly value?: unknown;
  readonly error?: {
    readonly type: string;
    readonly module: string;
    readonly args: readonly unknown[];
    readonly builtin: boolean;
  };
  readonly traceback: string | null;
}

export interface PythonFamily {
  readonly states: Readonly<Record<string, string>>;
  readonly overall: string;
}

/** A Python program that publishes with Celery and reads its results. */
export interface PythonProducer {
  send(plan: Plan, call: Call): Promise<ResultTuple>;
  /** Sends a call by the first message protocol. */
  sendOld(task: string, args: readonly unknown[]): Promise<ResultTuple>;
  /** Sends what a Python expression gives as the one argument of a task. */
  sendValues(task: string, expression: string): Promise<ResultTuple>;
  /** Null when a stored result is what the expression gives, types included; else what it is. */
  same(id: string, expression: string): Promise<string | null>;
  seen(id: string): Promise<PythonSeen>;
  family(root: string): Promise<PythonFamily>;
  stop(): Promise<void>;
}

/** A Celery worker of its own process. */
export interface PythonWorker {
  /** Resolves once it has said so; rejects with its log when it ends first. */
  said(event: string, more?: Readonly<Record<string, unknown>>): Promise<void>;
  /** SIGTERM: it ends what it runs. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

export async function startProducer(env: PythonEnvironment, database: string): Promise<PythonProducer> {
  const { child, log } = start(['producer.py', database], env);
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`the Python producer has ended: ${log()}`);
    const said = JSON.parse(value) as { ok: T } | { error: string };
    if ('error' in said) throw new Error(`the Python producer: ${said.error}`);
    return said.ok;
  };
  let turn: Promise<unknown> = answer();
  const ask = <T>(command: string, ...args: readonly unknown[]): Promise<T> => {
    const asked = turn.then(() => {
      child.stdin!.write(`${JSON.stringify({ do: command, with: args })}\n`);
      return answer<T>();
    });
    turn = asked.catch(() => undefined);
    return asked;
  };
  await turn;
  return {
    send: (plan, call) => ask('send', plan, call),
    sendOld: (task, args) => ask('send_old', task, args),
    sendValues: (task, expression) => ask('send_values', task, expression),
    same: (id, expression) => ask('same', id, expression),
    seen: (id) => ask('seen', id),
    family: (root) => ask('family', root),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin!.end();
      await ended;
    },
  };
}

export async function startPythonWorker(
  env: PythonEnvironment,
  queues: readonly string[],
): Promise<PythonWorker> {
  const args = ['-m', 'celery', '-A', 'tasks', 'worker', '-P', 'solo', '-l', 'info', '-Q', queues.join(',')];
  const { child, log } = start([...args, '-n', 'python@%h', '--without-gossip', '--without-mingle'], env);
  const events: Record<string, unknown>[] = [];
  let heard: () => void = () => {};
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith('{"event"')) events.push(JSON.parse(line) as Record<string, unknown>);
    heard();
  });
  const listeners = new Set<() => void>();
  heard = () => {
    for (const listener of listeners) listener();
  };
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const said: PythonWorker['said'] = (event, more = {}) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const wanted = Object.entries({ event, ...more });
        if (!events.some((one) => wanted.every(([key, value]) => one[key] === value))) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`the Python worker has ended: ${log()}`)));
    });
  await said('ready');
  return {
    said,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}

function start(
  args: readonly string[],
  env: PythonEnvironment,
): { readonly child: ChildProcess; readonly log: () => string } {
  const child = spawn(env['PEER_PYTHON'] ?? '', args, {
    cwd: FOLDER,
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Whatever happens here, it does not outlive us.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LOG_LINES) lines.shift();
  });
  return { child, log: () => lines.join('\n') };
}
