import { describe, expect, it } from 'vitest';
import {
  EXCEPTION_STATES,
  illegalCall,
  isReady,
  newId,
  TASK_STATES,
  TimeDelta,
} from '../../../src/base/index.js';

describe('task states', () => {
  it('are ready when no further state follows', () => {
    expect(TASK_STATES.filter(isReady)).toEqual(['SUCCESS', 'FAILURE', 'REVOKED']);
    expect(isReady('PROGRESS')).toBe(false);
  });

  it('are exceptions as Celery counts them', () => {
    expect(TASK_STATES.filter((state) => EXCEPTION_STATES.has(state))).toEqual([
      'FAILURE',
      'REVOKED',
      'RETRY',
    ]);
  });
});

describe('small words', () => {
  it('makes ids as Celery does', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newId()).not.toBe(newId());
  });

  it('names the state of an illegal call', () => {
    expect(illegalCall('start()', 'running')).toMatchObject({
      code: 'STATE_INVALID',
      message: 'start() is not allowed in state running',
    });
  });

  it('counts a timedelta below zero as Python does', () => {
    expect(new TimeDelta(-1, 86_399, 500_000).milliseconds).toBe(-500);
  });
});
