import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCase, CPU, type Figures, IDLE_CPU, RATE, RSS } from './bench-case.js';
import { Program, type ProgramOptions } from './program.js';

/** As often as the queue's length is asked for; the price is the same for everyone. */
const POLL_MS = 25;

/**
 * A program that does its work on command: it prints `ready`, waits for `go`, works and prints `done`. Start-up is not
 * in the figures.
 */
export async function measureWork(options: ProgramOptions, count: number): Promise<Figures> {
  const program = new Program(options);
  try {
    await program.line('ready');
    const cpu = program.cpuSeconds();
    const from = performance.now();
    program.send('go');
    await program.line('done');
    return figuresOf(count, from, program.cpuSeconds() - cpu, program.maxRssMb);
  } finally {
    await program.stop();
  }
}

export interface DrainOptions {
  readonly broker: { depth(queue: string): Promise<number> };
  /** By whose length the work is followed. */
  readonly queue: string;
  readonly count: number;
  /** True when all the results are where they belong too. */
  readonly finished?: () => Promise<boolean>;
}

/** A worker that empties a queue: from the first message taken to the empty queue (and the last result stored). */
export async function measureDrain(
  options: ProgramOptions,
  { broker, queue, count, finished = async () => true }: DrainOptions,
): Promise<Figures> {
  const program = new Program(options);
  try {
    await program.until(async () => (await broker.depth(queue)) < count, POLL_MS);
    const cpu = program.cpuSeconds();
    const from = performance.now();
    await program.until(async () => (await broker.depth(queue)) === 0, POLL_MS);
    await program.until(finished, POLL_MS);
    return figuresOf(count, from, program.cpuSeconds() - cpu, program.maxRssMb);
  } finally {
    await program.stop();
  }
}

/** A worker that is only started: until it consumes, and what it then holds. */
export async function measureStart(
  options: ProgramOptions,
  consumes: () => Promise<boolean>,
): Promise<Figures> {
  const program = new Program(options);
  try {
    await program.until(consumes, 5);
    const seconds = (performance.now() - program.startedAt) / 1000;
    return { 'start s': seconds, 'start cpu s': program.cpuSeconds(), [RSS]: program.maxRssMb };
  } finally {
    await program.stop();
  }
}

/** Let pass before a worker counts as idle: what follows its start is done by then. */
const SETTLE_MS = 3_000;

/** A worker that has nothing to do. */
export async function measureIdle(
  options: ProgramOptions,
  seconds: number,
  consumes: () => Promise<boolean>,
): Promise<Figures> {
  const program = new Program(options);
  try {
    await program.until(consumes, POLL_MS);
    await sleep(SETTLE_MS);
    const cpu = program.cpuSeconds();
    const from = performance.now();
    await sleep(seconds * 1000);
    program.check();
    const share = (program.cpuSeconds() - cpu) / ((performance.now() - from) / 1000);
    return { [IDLE_CPU]: share * 100, [RSS]: program.maxRssMb };
  } finally {
    await program.stop();
  }
}

function figuresOf(count: number, from: number, cpuSeconds: number, rssMb: number): Figures {
  const seconds = (performance.now() - from) / 1000;
  return { [RATE]: count / seconds, [CPU]: (cpuSeconds / count) * 1000, [RSS]: rssMb };
}

/** The short form of a case. */
export const benchCase = (
  name: string,
  title: string,
  who: BenchCase['who'],
  needs: BenchCase['needs'],
  run: BenchCase['run'],
): BenchCase => ({ name, title, who, needs, run });
