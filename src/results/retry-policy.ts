/** How questions to a store that is away are repeated. */
export interface RetryPolicy {
  /** Milliseconds after which they are given up; Infinity: never. */
  readonly budgetMs: number;
  /** Repetitions at most. */
  readonly retries: number;
  /** Pauses in milliseconds: the first, and the longest. */
  readonly pauses: { readonly baseMs: number; readonly maxMs: number };
}

/** Seconds a reader waits for a store that is away. */
const PATIENCE_MS = 30_000;

/**
 * For half a minute; with `result_backend_always_retry` so often, and with the pauses, that `result_backend_max_retries`,
 * `result_backend_base_sleep_between_retries_ms` and `result_backend_max_sleep_between_retries_ms` say.
 */
export function retryPolicy(settings: Readonly<Record<string, unknown>>): RetryPolicy {
  if (settings.result_backend_always_retry !== true) {
    return {
      budgetMs: PATIENCE_MS,
      retries: Number.POSITIVE_INFINITY,
      pauses: { baseMs: 50, maxMs: 2000 },
    };
  }
  return {
    budgetMs: Number.POSITIVE_INFINITY,
    retries: Number(settings.result_backend_max_retries ?? Number.POSITIVE_INFINITY),
    pauses: {
      baseMs: Number(settings.result_backend_base_sleep_between_retries_ms ?? 10),
      maxMs: Number(settings.result_backend_max_sleep_between_retries_ms ?? 10_000),
    },
  };
}
