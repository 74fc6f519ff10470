import type { ChaosRow } from '../harness/row.js';
import { workerKilled } from './worker-killed.js';

/** Every row, in the order of the fault matrix. */
export const ROWS: readonly ChaosRow[] = [...workerKilled];
