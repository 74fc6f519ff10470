import { taskMessage } from '../children/sample-message.js';
import type { BenchCase } from '../harness/bench-case.js';
import { measureDrain, measureIdle, measureStart, measureWork } from '../harness/measure.js';
import type { ProgramOptions } from '../harness/program.js';
import { IDLE_SECONDS, QUEUE } from './programs.js';

type MakeProgram = (url: string, count: number) => ProgramOptions;
type Run = BenchCase['run'];

/** A producer into an empty queue. */
export const producing =
  (full: number, program: MakeProgram): Run =>
  async ({ servers, count }) => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    return measureWork(program(broker.url, count(full)), count(full));
  };

/** A worker before a full queue. */
export const draining =
  (full: number, program: MakeProgram, make = () => taskMessage('bench.noop')): Run =>
  async ({ servers, count }) => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    await broker.fill(QUEUE, count(full), make);
    return measureDrain(program(broker.url, count(full)), { broker, queue: QUEUE, count: count(full) });
  };

export const starting =
  (program: (url: string) => ProgramOptions): Run =>
  async ({ servers }) => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    return measureStart(program(broker.url), async () => (await broker.consumers(QUEUE)) > 0);
  };

export const idling =
  (program: (url: string) => ProgramOptions): Run =>
  async ({ servers, count }) => {
    const broker = await servers.broker();
    await broker.freshQueue(QUEUE);
    const consumes = async (): Promise<boolean> => (await broker.consumers(QUEUE)) > 0;
    return measureIdle(program(broker.url), count(IDLE_SECONDS), consumes);
  };
