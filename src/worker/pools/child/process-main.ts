import { Worker } from 'node:worker_threads';
import type { ChildPort, ChildSetup, FromChild, ToChild } from '../protocol.js';
import { serve } from './serve.js';

// The program of a child process: the first message is its setup.
process.once('message', (setup: ChildSetup) => {
  watchParent(setup.parent);
  void serve(line, setup, leave);
});
// Ctrl+C reaches every process of the terminal: the worker decides what it means.
process.on('SIGINT', () => {});
process.on('disconnect', () => leave(1));

const send = process.send?.bind(process) ?? (() => false);

const line: ChildPort = {
  place: 'process',
  // A line that is broken is noticed by `disconnect`.
  send: (message: FromChild) => void send(message, undefined, undefined, () => {}),
  onMessage: (listener) => void process.on('message', (message: ToChild) => listener(message)),
  memory: () => Math.ceil(process.memoryUsage.rss() / 1024),
};

/** What was sent goes out first. */
function leave(code: number): void {
  // eslint-disable-next-line no-restricted-properties -- this process is a child of the pool, and nothing else
  const end = (): never => process.exit(code);
  if (!process.connected) end();
  send({ kind: 'bye' }, undefined, undefined, end);
}

/** `disconnect` is not heard by code that never returns: a thread looks whether the worker is still there. */
function watchParent(parent: number): void {
  const program = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => process.ppid === workerData || process.kill(process.pid, 'SIGKILL'), 500);`;
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };
  new Worker(program, { eval: true, workerData: parent, execArgv: [], resourceLimits: limits }).unref();
}
