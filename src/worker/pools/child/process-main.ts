import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { lineOf, lineReader } from '../crossing/index.js';
import { type ChildPort, type ChildSetup, LINE_FD, type Setup, type ToChild } from '../protocol.js';
import { serve } from './serve.js';

// The program of a child process. Its line is a pipe of its own: the first message is its setup.
const socket = new Socket({ fd: LINE_FD, readable: true, writable: true }).setEncoding('utf8');
let listener: ((message: ToChild) => void) | undefined;
socket.on(
  'data',
  lineReader<Setup | ToChild>((message) => {
    if (message.kind === 'setup') begin(message);
    else listener?.(message);
  }),
);
// The worker is gone: there is nobody to work for.
socket.on('error', () => {});
socket.on('close', () => end(1));
// Ctrl+C reaches every process of the terminal: the worker decides what it means.
process.on('SIGINT', () => {});

const line: ChildPort = {
  place: 'process',
  send: (message) => void socket.write(lineOf(message)),
  onMessage: (next) => {
    listener = next;
  },
  memory: () => Math.ceil(process.memoryUsage.rss() / 1024),
};

function begin(setup: ChildSetup): void {
  watchParent(setup.parent);
  // What was sent goes out first.
  void serve(line, setup, (code) => void socket.end(() => end(code)));
}

// eslint-disable-next-line no-restricted-properties -- this process is a child of the pool, and nothing else
const end = (code: number): never => process.exit(code);

/** `close` is not heard by code that never returns: a thread looks whether the worker is still there. */
function watchParent(parent: number): void {
  const program = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => process.ppid === workerData || process.kill(process.pid, 'SIGKILL'), 500);`;
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };
  new Worker(program, { eval: true, workerData: parent, execArgv: [], resourceLimits: limits }).unref();
}
