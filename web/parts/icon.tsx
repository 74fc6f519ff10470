import type { JSX } from 'preact';

/** Strokes on a grid of 16. */
const PATHS = {
  overview: 'M1.5 9h3l2-5.5 3 9 2-5.5 1 2h2',
  tasks: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  queues: 'm2 5 6-3 6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3',
  workers:
    'M4.5 4.500h7v7h-7zM6.5 2v2.500M9.5 2v2.500M6.5 11.500V14M9.5 11.500V14M2 6.500h2.500M2 9.500h2.500M11.5 6.500H14M11.5 9.500H14',
  schedules: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.800V8l2.3 1.6',
  quarantine: 'M5.5 2h5L14 5.500v5L10.5 14h-5L2 10.500v-5zM8 5v3.500M8 11h.01',
  types: 'M3 13.500V8M8 13.500v-11M13 13.500V6',
  audit: 'M4 2h6l2.5 2.500V14H4zM6.5 7h3.500M6.5 10h3.5',
  system:
    'M2 4.500h6M11 4.500h3M2 11.500h3M8 11.500h6M8 4.500a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0zM5 11.500a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0z',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  check: 'm3 8.5 3.3 3.300L13 5',
  cross: 'm4 4 8 8M12 4l-8 8',
  play: 'M5 3v10l8-5z',
  pause: 'M5.5 3.500v9M10.5 3.500v9',
  stop: 'M4 4h8v8H4z',
  retry: 'M13 3v3.500H9.500M12.7 6.500A5.2 5.2 0 1 0 13 9.5',
  ban: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.800l8.4 8.4',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.800V8l2.3 1.6',
  queued: 'M4.5 2h7M4.5 14h7M5.5 2v2.500L8 8l2.5-3.500V2M5.5 14v-2.500L8 8l2.5 3.500V14',
  question: 'M6 6a2 2 0 1 1 3 1.700c-.7.4-1 .8-1 1.600M8 11.800h.01',
  lost: 'M6.5 9.500l3-3M5.5 7 4 8.500A2.5 2.5 0 0 0 7.5 12L9 10.500M7 5.5 8.5 4A2.5 2.5 0 0 1 12 7.500L10.5 9M2.5 5 4 5.500M5 2.5 5.5 4M13.5 11l-1.5-.5M11 13.500l-.5-1.5',
  dot: 'M8 9.500a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  down: 'm4 6 4 4 4-4',
  right: 'm6 4 4 4-4 4',
  left: 'm10 4-4 4 4 4',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.500h11',
  sun: 'M8 10.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.500v1.500M8 13v1.500M1.5 8H3M13 8h1.500M3.4 3.400l1.1 1.100M11.5 11.500l1.1 1.100M3.4 12.600l1.1-1.100M11.5 4.500l1.1-1.1',
  moon: 'M13.5 9.500A5.8 5.8 0 0 1 6.5 2.500a5.8 5.8 0 1 0 7 7z',
  half: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M8 5l4.7 0M8 8h6M8 11h4.7',
  keyboard: 'M1.5 4h13v8h-13zM4 6.500h.01M6.7 6.500h.01M9.3 6.500h.01M12 6.500h.01M5 9.500h6',
  filter: 'M2 3.500h12M4.5 8h7M6.5 12.500h3',
  columns: 'M2 2.500h12v11H2zM6 2.500v11M10 2.500v11',
  bookmark: 'M4 2h8v12l-4-3-4 3z',
  table: 'M2 3h12v10H2zM2 6.500h12M6.5 6.500V13',
  plot: 'M2 2v12h12M4.5 10.500l3-3 2 2L13.5 5',
  tree: 'M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2M8 4v8M8 4h2M8 12h2',
  user: 'M8 8a2.7 2.7 0 1 0 0-5.400A2.7 2.7 0 0 0 8 8zM2.8 13.800a5.3 5.3 0 0 1 10.4 0',
  menu: 'M2 4h12M2 8h12M2 12h12',
  warning: 'M8 2 14.5 13.500h-13zM8 6.500v3M8 11.500h.01',
  edit: 'M3 13l.7-3L10.5 3.200l2.3 2.300L6 12.300zM9 4.7 11.3 7',
  trash: 'M2.5 4.500h11M6 4.500V2.500h4v2M4 4.500l.6 9h6.800l.6-9M6.7 7v4M9.3 7v4',
  star: 'm8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.100L8 11.300l-3.7 2 .8-4.100L2 6.300l4.2-.5z',
  open: 'M6.5 3H3v10h10V9.500M9 2.500h4.500V7M13.5 2.5 7.5 8.5',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, spin = false }: { name: IconName; spin?: boolean }): JSX.Element {
  return (
    <svg class={spin ? 'icon spin' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
