import type { ActionItem } from '../views/index.js';

export const done = (id: string, message: string, newId?: string): ActionItem => ({
  id,
  outcome: 'done',
  message,
  ...(newId !== undefined && { newId }),
});
/** Unsafe, or not asked for properly: nothing was done. */
export const refused = (id: string, message: string): ActionItem => ({ id, outcome: 'refused', message });
/** There was nothing to do. */
export const skipped = (id: string, message: string): ActionItem => ({ id, outcome: 'skipped', message });
export const failed = (id: string, message: string): ActionItem => ({ id, outcome: 'failed', message });
