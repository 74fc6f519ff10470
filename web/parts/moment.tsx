import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatMoment, fullMoment, relative } from '../format/time.js';

const watchers = new Set<(now: Date) => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time of day, told anew every second while somebody watches. */
export function useNow(): Date {
  const [now, set] = useState(() => new Date());
  useEffect(() => {
    watchers.add(set);
    ticking ??= setInterval(() => {
      const next = new Date();
      for (const watcher of watchers) watcher(next);
    }, 1000);
    return () => {
      watchers.delete(set);
      if (watchers.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}

/** A time: local on the page (or how long ago), with zone and UTC in the tooltip. */
export function Moment({ at, as = 'clock' }: { at: string; as?: 'clock' | 'ago' | 'both' }): JSX.Element {
  const now = useNow();
  const date = new Date(at);
  return (
    <time dateTime={at} title={fullMoment(date)}>
      {as !== 'ago' && formatMoment(date, now)}
      {as === 'both' && ' '}
      {as === 'both' ? <span class="soft">{relative(date, now)}</span> : as === 'ago' && relative(date, now)}
    </time>
  );
}
