import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./kombu_peer.py', import.meta.url));

/** A message as kombu sees it. */
export interface SeenByKombu {
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
  readonly content_type: string;
  readonly content_encoding: string;
}

/** A running kombu_peer.py. */
export interface Peer {
  ask<T = unknown>(verb: string, ...args: readonly unknown[]): Promise<T>;
  stop(): Promise<void>;
}

export function startPeer(python: string, url: string, options: Readonly<Record<string, unknown>>): Peer {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify({ url, options })}\n`);
  let turn: Promise<unknown> = Promise.resolve();
  const askNow = async (verb: string, args: readonly unknown[]): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify([verb, ...args])}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`the peer ended before it answered ${verb}`);
    const answer = JSON.parse(line.value) as { readonly ok?: unknown; readonly error?: string };
    if (answer.error !== undefined) throw new Error(`${verb}: ${answer.error}`);
    return answer.ok;
  };
  return {
    ask: async <T>(verb: string, ...args: readonly unknown[]) => {
      const mine = turn.then(() => askNow(verb, args));
      turn = mine.catch(() => {});
      return (await mine) as T;
    },
    stop: async () => {
      child.stdin.end();
      const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(patience);
    },
  };
}
