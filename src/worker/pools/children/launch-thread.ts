import { MessageChannel, Worker } from 'node:worker_threads';
import type { FromChild } from '../protocol.js';
import { type Launch, whenBoth } from './link.js';

const PROGRAM = new URL('../child/thread-main.js', import.meta.url);

/** A worker thread of this process. */
export const launchThread: Launch = (setup, events, { heapMb, lostWaitMs }) => {
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(PROGRAM, {
    workerData: { port: port2, setup },
    transferList: [port2],
    ...(heapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMb } }),
  });
  let how = 'exitcode 1';
  const ended = whenBoth(lostWaitMs, () => {
    port1.close();
    events.onExit(how);
  });
  port1.on('message', (message: FromChild) => events.onMessage(message));
  port1.on('close', ended);
  thread.on('error', (error: NodeJS.ErrnoException) => {
    how = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : `error ${error.message}`;
  });
  thread.on('exit', (code) => {
    if (how === 'exitcode 1') how = `exitcode ${code}`;
    ended();
  });
  return {
    pid: process.pid,
    send: (message) => port1.postMessage(message),
    kill: () => void thread.terminate(),
  };
};
