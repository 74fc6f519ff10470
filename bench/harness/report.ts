import type { BenchCase, Figures } from './bench-case.js';

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Figures of all rounds, by case and figure. */
export class Results {
  readonly #runs = new Map<string, Figures[]>();

  add(name: string, figures: Figures): void {
    this.#runs.set(name, [...(this.#runs.get(name) ?? []), figures]);
  }

  figuresOf(name: string): string[] {
    return Object.keys(this.#runs.get(name)?.[0] ?? {});
  }

  summary(name: string, figure: string): Summary | undefined {
    const values = (this.#runs.get(name) ?? []).flatMap((run) => run[figure] ?? []).sort((a, b) => a - b);
    if (values.length === 0) return undefined;
    const at = (index: number): number => values[index] ?? Number.NaN;
    const middle = (values.length - 1) / 2;
    return {
      median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
      min: at(0),
      max: at(values.length - 1),
      runs: values.length,
    };
  }

  median(name: string, figure: string): number | undefined {
    return this.summary(name, figure)?.median;
  }
}

export const rounded = (value: number): number => Number(value.toPrecision(3));

/** One line of JSON for each figure of each case. */
export function jsonLines(cases: readonly BenchCase[], results: Results): string[] {
  return cases.flatMap((one) =>
    results.figuresOf(one.name).flatMap((figure) => {
      const summary = results.summary(one.name, figure);
      if (summary === undefined) return [];
      const { median, min, max, runs } = summary;
      const numbers = { median: rounded(median), min: rounded(min), max: rounded(max), runs };
      return [JSON.stringify({ case: one.name, figure, ...numbers })];
    }),
  );
}

/** A table of medians, with (min–max), in Markdown. */
export function table(cases: readonly BenchCase[], results: Results): string {
  const measured = cases.filter((one) => results.figuresOf(one.name).length > 0);
  const figures = [...new Set(measured.flatMap((one) => results.figuresOf(one.name)))];
  const cell = (one: BenchCase, figure: string): string => {
    const summary = results.summary(one.name, figure);
    if (summary === undefined) return '';
    return `${shown(summary.median)} (${shown(summary.min)}–${shown(summary.max)})`;
  };
  return [
    `| case | ${figures.join(' | ')} |`,
    `|---|${figures.map(() => '---|').join('')}`,
    ...measured.map((one) => `| ${one.title} | ${figures.map((figure) => cell(one, figure)).join(' | ')} |`),
  ].join('\n');
}

const shown = (value: number): string => rounded(value).toLocaleString('en-US', { maximumFractionDigits: 4 });
