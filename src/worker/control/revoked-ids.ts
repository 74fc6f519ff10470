import { textsArgument } from './arguments.js';

/** A list of ids (Celery 5.7), or ids with the times they were revoked at (before). */
export function revokedIds(value: unknown): readonly string[] {
  const ids =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : value;
  return textsArgument({ ids }, 'ids');
}
