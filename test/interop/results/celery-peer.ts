import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { celeryPython } from '../../support/python.js';

const SCRIPT = fileURLToPath(new URL('celery_peer.py', import.meta.url));

/** What Python says of a failure. */
export interface PythonFailure {
  readonly type: string;
  readonly module: string;
  /** `repr` of the exception's args. */
  readonly args: string;
}

export interface PythonMeta {
  readonly state: string;
  readonly info: string | PythonFailure;
  readonly traceback: string | null;
  readonly date_done: string | null;
  readonly children: string;
}

/** A Python Celery with its own connection to the result database. */
export interface CeleryPeer {
  /** Stores the value of a Python expression. */
  store(id: string, state: string, expression: string, traceback?: string): Promise<void>;
  /** Stores 1 for a call of py.name(1, 'a', b=2), third retry, from queue q, by worker w@h. */
  storeExtended(id: string): Promise<void>;
  /** Name, args, kwargs, worker, retries and queue. */
  extended(id: string): Promise<readonly unknown[]>;
  /** `repr` of the value, or what `get` raised. */
  get(id: string): Promise<{ value: string } | { raised: PythonFailure }>;
  meta(id: string): Promise<PythonMeta>;
  saveGroup(id: string, members: readonly string[]): Promise<void>;
  restoreGroup(id: string): Promise<readonly string[] | null>;
  pickledGroup(id: string, members: readonly string[]): Promise<void>;
  /** `repr` of what plain `pickle.loads` makes of the row. */
  unpickle(id: string): Promise<string>;
  stop(): Promise<void>;
}

export function startCeleryPeer(url: string, serializer: string, extended = false): CeleryPeer {
  const python = celeryPython();
  if (python === undefined) throw new Error('no Python with Celery');
  const child = spawn(python, [SCRIPT, url, serializer, ...(extended ? ['extended'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const ask = <T>(command: string, ...args: readonly unknown[]): Promise<T> => {
    const asked = turn.then(async () => {
      child.stdin.write(`${JSON.stringify({ do: command, with: args })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the Python peer has ended');
      const answer = JSON.parse(value) as { ok: T } | { error: string };
      if ('error' in answer) throw new Error(answer.error);
      return answer.ok;
    });
    turn = asked.catch(() => undefined);
    return asked;
  };
  return {
    store: (...args) => ask('store', ...args),
    storeExtended: (id) => ask('store_extended', id),
    extended: (id) => ask('extended', id),
    get: (id) => ask('get', id),
    meta: (id) => ask('meta', id),
    saveGroup: (...args) => ask('save_group', ...args),
    restoreGroup: (id) => ask('restore_group', id),
    pickledGroup: (...args) => ask('pickled_group', ...args),
    unpickle: (id) => ask('unpickle', id),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
