import type { System } from './system.js';

/** Cases by what they promise. */
export type CaseTable = Readonly<Record<string, (system: System) => Promise<void>>>;
