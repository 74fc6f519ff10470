import { type MessagePort, workerData } from 'node:worker_threads';
import type { ChildPort, ChildSetup, ToChild } from '../protocol.js';
import { serve } from './serve.js';

// The program of a thread. Its line is a port of its own: the task's code may use `parentPort` as it likes.
const { port, setup } = workerData as { readonly port: MessagePort; readonly setup: ChildSetup };

const line: ChildPort = {
  place: 'thread',
  send: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', (message: ToChild) => listener(message)),
  memory: () => {
    // A thread has a heap of its own; resident memory is the whole process's.
    const { heapTotal, external } = process.memoryUsage();
    return Math.ceil((heapTotal + external) / 1024);
  },
};

// eslint-disable-next-line no-restricted-properties -- ends this thread only
const leave = (code: number): never => process.exit(code);

void serve(line, setup, leave);
