/** The facts of `stats().pool` that differ between pools. */
export interface PoolFacts {
  /** Jobs after which a child is replaced. */
  readonly maxTasks?: number | null;
  /** Jobs given to each child so far, in the order of `processes`. */
  readonly writes?: readonly number[];
}

/** A pool's part of Celery's `stats().pool` (protocol section 9.2). */
export function poolInfo(
  name: string,
  size: number,
  processes: readonly number[],
  { maxTasks, writes = [] }: PoolFacts = {},
): Readonly<Record<string, unknown>> {
  const total = writes.reduce((sum, one) => sum + one, 0);
  const share = (count: number): string => (total === 0 ? '0.00%' : `${((100 * count) / total).toFixed(2)}%`);
  return {
    implementation: `cadasta-workertoolbox:${name}`,
    'max-concurrency': size,
    processes,
    'max-tasks-per-child': maxTasks ?? 'N/A',
    'put-guarded-by-semaphore': true,
    writes: {
      total,
      avg: share(writes.length === 0 ? 0 : total / writes.length),
      all: writes.map(share).join(', '),
      raw: writes.join(', '),
      strategy: 'fair',
      inqueues: { total: 0, active: 0 },
    },
  };
}
