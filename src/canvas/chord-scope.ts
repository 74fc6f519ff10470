import { maskUrl } from '../base/index.js';
import type { CanvasApp } from './sending.js';

/** Which workers share chords over PostgreSQL: those that send to the same broker. */
export const chordScope = ({ conf }: Pick<CanvasApp, 'conf'>): string =>
  maskUrl(String(conf.broker_url ?? '')).slice(0, 500);
