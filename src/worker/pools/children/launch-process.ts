import { fork } from 'node:child_process';
import { constants } from 'node:os';
import type { FromChild } from '../protocol.js';
import { type Launch, whenBoth } from './link.js';

const PROGRAM = new URL('../child/process-main.js', import.meta.url);

/** A child process. */
export const launchProcess: Launch = (setup, events, { heapMb, lostWaitMs }) => {
  const child = fork(PROGRAM, {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...(heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`])],
  });
  let how = 'exitcode 1';
  const ended = whenBoth(lostWaitMs, () => events.onExit(how));
  child.on('message', (message) => {
    if (isOurs(message)) events.onMessage(message);
  });
  child.on('disconnect', ended);
  child.on('exit', (code, signal) => {
    how = signal === null ? `exitcode ${code}` : `signal ${constants.signals[signal]} (${signal})`;
    ended();
  });
  // It could not be started at all, or a message could not be sent: its end says so.
  child.on('error', () => {
    if (child.pid !== undefined) return;
    how = 'it could not be started';
    ended();
    ended();
  });
  const send = (message: object): void => void child.send(message, () => {});
  send(setup);
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      if (child.connected) send(message);
    },
    kill: (signal) => void child.kill(signal),
  };
};

/** The task's code, or a library, may send messages of its own. */
const isOurs = (message: unknown): message is FromChild =>
  typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string';
