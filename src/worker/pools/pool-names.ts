/** What `-P` and `worker_pool` may name. */
export const POOL_NAMES = ['async', 'threads', 'prefork', 'solo'] as const;
export type PoolName = (typeof POOL_NAMES)[number];
