import { describe, expect, test } from 'vitest';
import type { RegisteredTask, TaskMessage, TaskOptions } from '../../../src/app/index.js';
import { Retry } from '../../../src/worker/execution/control-errors.js';
import { automaticRetry, retryCountdown, retryError } from '../../../src/worker/execution/retry-plan.js';

const message = (retries = 0): TaskMessage =>
  ({ task: 't', id: 'i', retries, argsrepr: '()', kwargsrepr: '{}' }) as TaskMessage;
const task = (options: TaskOptions): RegisteredTask => ({ name: 't', options, run: async () => null });

describe('the pause before a retry', () => {
  test.each<[TaskOptions, number, number, number]>([
    // options, retries, random, seconds
    [{}, 0, 0.5, 180],
    [{ defaultRetryDelay: 7 }, 4, 0.5, 7],
    [{ retryBackoff: true, retryJitter: false }, 0, 0.5, 1],
    [{ retryBackoff: true, retryJitter: false }, 5, 0.5, 32],
    [{ retryBackoff: true, retryJitter: false }, 40, 0.5, 600],
    [{ retryBackoff: 3, retryJitter: false }, 2, 0.5, 12],
    // The factor is cut to a whole number, at least 1.
    [{ retryBackoff: 2.9, retryJitter: false }, 1, 0.5, 4],
    [{ retryBackoff: 0.5, retryJitter: false }, 1, 0.5, 2],
    [{ retryBackoff: true, retryBackoffMax: 10, retryJitter: false }, 9, 0.5, 10],
    // Full jitter: from 0 to the whole pause, both included.
    [{ retryBackoff: true }, 3, 0, 0],
    [{ retryBackoff: true }, 3, 0.999_999, 8],
    [{ retryBackoff: false }, 3, 0.5, 180],
  ])('%o after %i retries', (options, retries, random, seconds) => {
    expect(retryCountdown(options, retries, () => random)).toBe(seconds);
  });
});

describe('automatic retries', () => {
  const after = (options: TaskOptions, error: unknown, retries = 0): unknown =>
    automaticRetry(message(retries), task(options), error, () => 0);

  test('come for the errors named, and for none that is excepted', () => {
    const options = { autoretryFor: [RangeError, TypeError], dontAutoretryFor: [TypeError] };
    expect(after(options, new RangeError())).toBeInstanceOf(Retry);
    expect(after(options, new TypeError())).toBeUndefined();
    expect(after(options, new Error())).toBeUndefined();
    expect(after({}, new Error())).toBeUndefined();
    const all = { autoretryFor: true, dontAutoretryFor: (error: unknown) => error === 'no' } as const;
    expect(after(all, 'yes')).toBeInstanceOf(Retry);
    expect(after(all, 'no')).toBeUndefined();
  });

  test('are asked for with retryKwargs; backoff wins over its countdown', () => {
    const retryKwargs = { countdown: 9, maxRetries: 1, options: { queue: 'slow' } };
    const error = new Error('x');
    expect(after({ autoretryFor: true, retryKwargs }, error)).toMatchObject({
      plan: { countdown: 9, error, options: { queue: 'slow' }, counted: true },
    });
    expect(after({ autoretryFor: true, retryKwargs }, error, 1)).toBe(error);
    expect(
      after({ autoretryFor: true, retryKwargs, retryBackoff: true, retryJitter: false }, error),
    ).toMatchObject({
      plan: { countdown: 1 },
    });
  });
});

describe('the bound of retries', () => {
  test.each<[TaskOptions, Parameters<typeof retryError>[2], number, boolean]>([
    // task, override, retries so far, is there one left
    [{}, {}, 2, true],
    [{}, {}, 3, false],
    [{ maxRetries: null }, {}, 1_000, true],
    [{ maxRetries: 0 }, {}, 0, false],
    [{ maxRetries: 1 }, { maxRetries: 5 }, 4, true],
    [{ maxRetries: 5 }, { maxRetries: null }, 99, true],
  ])('%o with %o after %i', (options, override, retries, left) => {
    expect(retryError(message(retries), task(options), override) instanceof Retry).toBe(left);
  });

  test('an override holds for the attempt that gives it, not for later ones', () => {
    const next = retryError(message(1), task({ maxRetries: 1 }), { maxRetries: 9 });
    expect(next).toBeInstanceOf(Retry);
    expect((next as Retry).plan.options).toBeUndefined();
    expect(retryError(message(2), task({ maxRetries: 1 }), {})).not.toBeInstanceOf(Retry);
  });
});
