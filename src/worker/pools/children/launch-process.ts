import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { lineOf, lineReader } from '../crossing/index.js';
import { type FromChild, LINE_FD, type Setup, type ToChild } from '../protocol.js';
import { type Launch, whenBoth } from './link.js';

const PROGRAM = fileURLToPath(new URL('../child/process-main.js', import.meta.url));

/** A child process. Messages are lines on a pipe of their own: Node's channel costs more, and the task's code may use it. */
export const launchProcess: Launch = (setup, events, { heapMb, lostWaitMs }) => {
  const heap = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
  const child = spawn(process.execPath, [...process.execArgv, ...heap, PROGRAM], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  const line = child.stdio[LINE_FD] as Socket;
  let how = 'exitcode 1';
  const ended = whenBoth(lostWaitMs, () => events.onExit(how));
  line.setEncoding('utf8').on(
    'data',
    lineReader<FromChild>((message) => events.onMessage(message)),
  );
  // What cannot be sent is noticed by its end.
  line.on('error', () => {});
  line.on('close', ended);
  child.on('exit', (code, signal) => {
    how = signal === null ? `exitcode ${code}` : `signal ${constants.signals[signal]} (${signal})`;
    ended();
  });
  // It could not be started at all, or not be signalled: its end says so.
  child.on('error', () => {
    if (child.pid !== undefined) return;
    how = 'it could not be started';
    ended();
    ended();
  });
  const send = (message: Setup | ToChild): void => {
    if (line.writable) line.write(lineOf(message));
  };
  send({ kind: 'setup', ...setup });
  return { pid: child.pid ?? 0, send, kill: (signal) => void child.kill(signal) };
};
