import { setTimeout as sleep } from 'node:timers/promises';
import { Celery, Config, chain, chord, currentTask } from '../../src/index.js';
import { Ledger } from '../harness/ledger.js';

const cycle: unknown[] = [];
cycle.push(cycle);
const UNWRITABLE = { function: () => 1, cycle, symbol: Symbol('s') } as const;

/** The app of every program of a row: tasks that note in the ledger when they begin and end. */
export function chaosApp(settings: Readonly<Record<string, unknown>>, ledgerPath: string) {
  const ledger = new Ledger(ledgerPath);
  const app = new Celery('chaos').configFromObject(new Config({ QUEUES: ['chaos'], ...settings }, {}));
  const noted = async <T>(body: () => Promise<T>): Promise<T> => {
    const id = currentTask()?.id ?? '';
    ledger.note('start', id);
    const value = await body();
    ledger.note('end', id);
    return value;
  };
  const work = app.task('chaos.work', (n: number, ms: number) =>
    noted(async () => {
      await sleep(ms);
      return n;
    }),
  );
  const block = app.task('chaos.block', (ms: number) =>
    noted(async () => {
      const until = Date.now() + ms;
      while (Date.now() < until);
      return ms;
    }),
  );
  const step = app.task('chaos.step', (n: number) =>
    noted(async () => {
      await sleep(5);
      return n + 1;
    }),
  );
  /** Gives back what it got. */
  const echo = app.task('chaos.echo', (value: unknown) => noted(async () => value));
  /** Returns what no format has words for. */
  const unwritable = app.task('chaos.unwritable', (kind: 'function' | 'cycle' | 'symbol') =>
    noted(async () => UNWRITABLE[kind]),
  );
  const total = app.task('chaos.total', (numbers: number[]) =>
    noted(async () => numbers.reduce((sum, one) => sum + one, 0)),
  );
  /** So many parts, and what they come to. */
  const chordOf = (parts: number, ms: number) =>
    chord(
      Array.from({ length: parts }, (_, n) => work.s(n, ms)),
      total.s(),
    );
  /** A chain of so many steps, counting from 0. */
  const steps = (count: number) => chain([step.s(0), ...Array.from({ length: count - 1 }, () => step.s())]);
  return { app, ledger, work, block, step, echo, unwritable, steps, chordOf };
}

export type ChaosApp = ReturnType<typeof chaosApp>;
