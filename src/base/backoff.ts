export interface BackoffOptions {
  /** First wait in milliseconds. Default 100. */
  readonly baseMs?: number;
  /** Longest wait in milliseconds. Default 30 000. */
  readonly maxMs?: number;
  /** Source of randomness in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** Milliseconds to wait before attempt `attempt` (0-based): exponential with full jitter, capped. */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { baseMs = 100, maxMs = 30_000, random = Math.random } = options;
  return random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
}
