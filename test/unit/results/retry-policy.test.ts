import { describe, expect, it } from 'vitest';
import { retryPolicy } from '../../../src/results/retry-policy.js';

describe('retryPolicy', () => {
  it('is half a minute unless asked for more', () => {
    expect(retryPolicy({})).toMatchObject({ budgetMs: 30_000, retries: Number.POSITIVE_INFINITY });
    expect(retryPolicy({ result_backend_max_retries: 2 })).toMatchObject({
      retries: Number.POSITIVE_INFINITY,
    });
  });

  it('is what the settings say with result_backend_always_retry', () => {
    const settings = {
      result_backend_always_retry: true,
      result_backend_max_retries: 7,
      result_backend_base_sleep_between_retries_ms: 20,
      result_backend_max_sleep_between_retries_ms: 500,
    };
    expect(retryPolicy(settings)).toEqual({
      budgetMs: Number.POSITIVE_INFINITY,
      retries: 7,
      pauses: { baseMs: 20, maxMs: 500 },
    });
  });
});
