import { describe, expect, it } from 'vitest';
import { catalogue, resolveSettings } from '../../../src/app/index.js';
import { nearestName, TimeDelta, type ToolboxError } from '../../../src/base/index.js';

const problemsOf = (input: Record<string, unknown>): ToolboxError => {
  try {
    resolveSettings(input, { origin: 'Config' });
  } catch (error) {
    return error as ToolboxError;
  }
  throw new Error('these settings are accepted');
};

describe('settings', () => {
  it("have Celery's defaults, but never lose work of a lost worker", () => {
    const settings = resolveSettings({});
    expect(settings).toMatchObject({
      accept_content: ['json'],
      task_acks_late: true,
      task_reject_on_worker_lost: true,
      task_default_queue: 'celery',
      task_publish_retry_policy: { max_retries: 3, interval_start: 0, interval_step: 0.2, interval_max: 1 },
      worker_prefetch_multiplier: 4,
      result_expires: 86_400,
      broker_url: null,
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('accept every default of the catalogue, and document every one', () => {
    const defaults = Object.fromEntries(
      Object.entries(catalogue).map(([name, { default: value }]) => [name, value]),
    );
    expect(resolveSettings(defaults)).toEqual(resolveSettings({}));
    expect(Object.values(catalogue).filter(({ doc, expects }) => doc.length < 10 || expects === '')).toEqual(
      [],
    );
  });

  it('keep internal variables and the families only Python uses, and leave undefined out', () => {
    const routes = (): string => 'export';
    const settings = resolveSettings({
      QUEUES: ['msg'],
      task_routes: routes,
      mongodb_backend_settings: { a: 1 },
      task_acks_late: undefined,
      result_expires: new TimeDelta(0, 90, 0),
      task_default_delivery_mode: 'transient',
    });
    expect(settings.QUEUES).toEqual(['msg']);
    expect(settings.task_routes).toBe(routes);
    expect(settings).toHaveProperty('mongodb_backend_settings', { a: 1 });
    expect([settings.task_acks_late, settings.result_expires, settings.task_default_delivery_mode]).toEqual([
      true,
      90,
      1,
    ]);
  });

  it('take queues as a list, as a set and as a mapping', () => {
    const queue = {
      name: 'export',
      exchange: { name: 'task_exchange', type: 'topic' },
      routingKey: 'export',
    } as const;
    const mapping = { export: { exchange: 'task_exchange', exchange_type: 'topic', routing_key: 'export' } };
    for (const task_queues of [[queue], new Set([queue]), mapping]) {
      expect(resolveSettings({ task_queues }).task_queues).toEqual([queue]);
    }
    expect(problemsOf({ task_queues: [queue, queue] }).message).toMatch(/each name once/);
  });

  it('tell everything that is wrong at once: key, expectation, value and remedy, secrets masked', () => {
    const error = problemsOf({
      task_acks_lat: true,
      broker_url: 5,
      redis_password: ['hunter2'],
      result_backend: ['db://u:hunter2@h/d'],
      task_always_eager: 'yes',
      zzzzzzzz: 1,
    });
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.fields['problems']).toHaveLength(6);
    expect(error.message).not.toContain('hunter2');
    expect(error.message.split('\n')).toEqual([
      'Config: 6 invalid',
      '  task_acks_lat: expected the name of a setting, got true; did you mean task_acks_late?',
      '  broker_url: expected a URL, or a list of them, or null, got 5; give a URL, or a list of them, or null, or leave it out for the default null',
      "  redis_password: expected a string, or null, got '********'; give a string, or null, or leave it out for the default null",
      "  result_backend: expected a string, or null, got [ 'db://u:********@h/d' ]; give a string, or null, or leave it out for the default null",
      "  task_always_eager: expected true or false, got 'yes'; give true or false, or leave it out for the default false",
      '  zzzzzzzz: expected the name of a setting, got 1; remove it, or write it in capitals if it is a variable of your own',
    ]);
  });

  it('suggest the nearest name only when it is near', () => {
    expect(nearestName('brokr_url', Object.keys(catalogue))).toBe('broker_url');
    expect(nearestName('accept_contents', Object.keys(catalogue))).toBe('accept_content');
    expect(nearestName('something_else_entirely', Object.keys(catalogue))).toBeUndefined();
  });
});
