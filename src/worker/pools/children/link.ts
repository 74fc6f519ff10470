import type { ChildSetup, FromChild, ToChild } from '../protocol.js';

/** The worker's end of a child. */
export interface ChildLink {
  /** Of the process it runs in. */
  readonly pid: number;
  send(message: ToChild): void;
  /** Ends it by force; a process gets that signal. */
  kill(signal: NodeJS.Signals): void;
}

export interface ChildEvents {
  onMessage(message: FromChild): void;
  /** It has ended, and all it sent was heard. `how` in billiard's words: `signal 9 (SIGKILL)`, `exitcode 1`. */
  onExit(how: string): void;
}

export interface LaunchOptions {
  /** MiB of heap a child may have. Default: Node's own. */
  readonly heapMb: number | undefined;
  /** Milliseconds to wait for what a child sent before it ended (`worker_lost_wait`). */
  readonly lostWaitMs: number;
}

/** Makes a child. */
export type Launch = (setup: ChildSetup, events: ChildEvents, options: LaunchOptions) => ChildLink;

/** Calls `then` when `close` was called twice (it ended, and its line is empty), or that long after the first time. */
export function whenBoth(ms: number, then: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  const end = (): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    then();
  };
  return () => (timer === undefined ? void (timer = setTimeout(end, ms)) : end());
}
