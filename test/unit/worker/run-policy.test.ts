import { expect, test } from 'vitest';
import { resolveSettings, type SettingsInput, type TaskOptions } from '../../../src/app/index.js';
import { TaskPolicies } from '../../../src/worker/runs/run-policy.js';

const policy = (settings: SettingsInput, options: TaskOptions) =>
  new TaskPolicies(resolveSettings(settings)).of({ name: 't', options, run: async () => null });

// As celery/app/task.py binds them: a setting for one of the two beats the task's word for both.
test.each<[SettingsInput, TaskOptions, onFailure: boolean, onTimeout: boolean]>([
  [{}, {}, true, true],
  [{ task_acks_on_failure_or_timeout: false }, {}, false, false],
  [{ task_acks_on_failure_or_timeout: false }, { acksOnFailureOrTimeout: true }, true, true],
  [{ task_acks_on_failure_or_timeout: false, task_acks_on_timeout: true }, {}, false, true],
  [{ task_acks_on_failure: false }, {}, false, true],
  [{ task_acks_on_failure: false }, { acksOnFailureOrTimeout: true }, false, true],
  [{ task_acks_on_failure: false }, { acksOnFailure: true, acksOnFailureOrTimeout: false }, true, false],
  [{ task_acks_on_timeout: true }, { acksOnTimeout: false }, true, false],
])('acknowledgement after failure and timeout: %j, %j', (settings, options, onFailure, onTimeout) => {
  const { acksOnFailure, acksOnTimeout } = policy(settings, options);
  expect([acksOnFailure, acksOnTimeout]).toEqual([onFailure, onTimeout]);
});

test('a rate limit of the fleet that makes no sense is found with the policy', () => {
  expect(policy({}, { fleetRateLimit: '10/m' }).fleetIntervalMs).toBe(6000);
  expect(policy({ worker_disable_rate_limits: true }, { fleetRateLimit: 5 }).fleetIntervalMs).toBeNull();
  expect(() => policy({}, { fleetRateLimit: 'often' })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
  );
});
