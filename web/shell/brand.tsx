import type { JSX } from 'preact';

/** A surveyed parcel: boundary, inner lines, and a stone at each corner. */
export function Brand(): JSX.Element {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="parcel" d="M5 12 17 5l10 8-4 14-14-1z" />
      <path class="inner" d="m9 26 8-21m-3 11 11.1 4" />
      <g class="stones">
        <circle cx="5" cy="12" r="2.2" />
        <circle cx="17" cy="5" r="2.2" />
        <circle cx="27" cy="13" r="2.2" />
        <circle cx="23" cy="27" r="2.2" />
        <circle cx="9" cy="26" r="2.2" />
      </g>
    </svg>
  );
}
