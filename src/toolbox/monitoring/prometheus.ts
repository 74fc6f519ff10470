import type { HistogramData } from '../../worker/index.js';

export type Labels = Readonly<Record<string, string>>;
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** Content type of Prometheus's text format. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes metrics in Prometheus's text format: one family after the other, each with its help and type. */
export class PrometheusText {
  readonly #lines: string[] = [];

  family(name: string, type: MetricType, help: string): MetricFamily {
    this.#lines.push(
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
    );
    return new MetricFamily(name, this.#lines);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

export class MetricFamily {
  readonly #name: string;
  readonly #lines: string[];

  constructor(name: string, lines: string[]) {
    this.#name = name;
    this.#lines = lines;
  }

  add(labels: Labels, value: number): this {
    this.#sample('', labels, value);
    return this;
  }

  histogram(labels: Labels, { bounds, counts, sum, count }: HistogramData): this {
    let below = 0;
    bounds.forEach((bound, at) => {
      below += counts[at] ?? 0;
      this.#sample('_bucket', { ...labels, le: numberText(bound) }, below);
    });
    this.#sample('_bucket', { ...labels, le: '+Inf' }, count);
    this.#sample('_sum', labels, sum);
    this.#sample('_count', labels, count);
    return this;
  }

  #sample(suffix: string, labels: Labels, value: number): void {
    const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
    const within = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
    this.#lines.push(`${this.#name}${suffix}${within} ${numberText(value)}`);
  }
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
