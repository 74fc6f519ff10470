import type { Browser } from 'playwright-core';
import type { ShownSystem } from './shown-system.js';

/** What the suites play on. */
export interface Stage {
  readonly browser: Browser;
  readonly system: ShownSystem;
}
