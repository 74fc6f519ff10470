import type { JSX } from 'preact';

/** A line of values without axes, for a tile: shape only, the number stands beside it. */
export function Spark({ values }: { values: readonly (number | null)[] }): JSX.Element {
  const known = values.map((value) => value ?? 0);
  const high = Math.max(...known, 1e-9);
  const step = 100 / Math.max(1, known.length - 1);
  const points = known.map(
    (value, index) => `${(index * step).toFixed(1)},${(26 - (value / high) * 24).toFixed(1)}`,
  );
  return (
    <svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,28 ${points.join(' ')} 100,28`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}
