import type { JSX } from 'preact';

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'warn' | 'bad' | undefined;
}

/** A row of measured numbers, label above value. */
export function Figures({ figures }: { figures: readonly Figure[] }): JSX.Element {
  return (
    <dl class="figures">
      {figures.map(({ label, value, tone }) => (
        <div key={label} class={tone ?? ''}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
