import type { Command } from '../command.js';

/** Most samples kept. */
const MOST = 1_000;
const samples: number[] = [];

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)}MB`;
const rss = (): number => process.memoryUsage.rss();

/** Looking for memory that is not given back. */
export const memoryCommands: readonly Command[] = [
  {
    name: 'memsample',
    kind: 'inspect',
    help: 'Take a sample of the memory in use.',
    run: () => {
      if (samples.length >= MOST) samples.shift();
      samples.push(rss());
      return megabytes(samples.at(-1) ?? 0);
    },
  },
  {
    name: 'memdump',
    kind: 'inspect',
    help: 'Show the samples taken so far, and forget them.',
    signature: '[n_samples=10]',
    args: [['samples', Number]],
    run: () => {
      const lines = samples.splice(0).map((sample) => `- rss (sample): ${megabytes(sample)}.`);
      return [...lines, `- rss (end): ${megabytes(rss())}.`, ''].join('\n');
    },
  },
];
