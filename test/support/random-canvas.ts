import fc from 'fast-check';
import type { CeleryApp } from '../../src/app/index.js';
import { type AnySignature, chain, chord, group, taskFactory } from '../../src/canvas/index.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The two tasks random workflows are made of; the Python peer has the same. */
export function arithmetic(app: CeleryApp) {
  const task = taskFactory(app);
  return {
    add: task('wt.add', (x: number, y: number) => x + y),
    tsum: task('wt.tsum', (numbers: number[]) => sum(numbers)),
  };
}

/** A workflow from a number to a number, and what it must come to. */
export interface RandomCanvas {
  readonly build: (tasks: ReturnType<typeof arithmetic>) => AnySignature;
  readonly value: (given: number) => number;
}

const { canvas } = fc.letrec<{ canvas: RandomCanvas }>((tie) => {
  const some = (minLength: number): fc.Arbitrary<RandomCanvas[]> =>
    fc.array(tie('canvas'), { minLength, maxLength: 3 });
  return {
    canvas: fc.oneof(
      { maxDepth: 4, depthSize: 'large' },
      fc.nat(9).map((k): RandomCanvas => ({ build: ({ add }) => add.s(k), value: (given) => given + k })),
      some(1).map(
        (steps): RandomCanvas => ({
          build: (tasks) => chain(steps.map(({ build }) => build(tasks))),
          value: (given) => steps.reduce((value, step) => step.value(value), given),
        }),
      ),
      some(1).map(
        (header): RandomCanvas => ({
          build: (tasks) =>
            chord(
              header.map(({ build }) => build(tasks)),
              tasks.tsum.s(),
            ),
          value: (given) => sum(header.map((part) => part.value(given))),
        }),
      ),
      some(2).map(
        (members): RandomCanvas => ({
          build: (tasks) => chain([group([group(members.map(({ build }) => build(tasks)))]), tasks.tsum.s()]),
          value: (given) => sum(members.map((member) => member.value(given))),
        }),
      ),
    ),
  };
});

/** The same workflows for the same seed: chains, groups and chords inside one another. */
export const randomCanvases = (count: number, seed: number): RandomCanvas[] =>
  fc.sample(canvas, { numRuns: count, seed });
