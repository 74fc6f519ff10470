import type { SettingsInput } from '../../../src/app/index.js';
import { PoolSystem, type PoolSystemOptions } from './pool-system.js';

type ChildPoolName = 'threads' | 'prefork';

/** Called when the scenario's worker may go. */
type Ended = Parameters<typeof PoolSystem.start>[1];

/** Runs something on a system of its own, timed. */
async function on<T>(
  options: PoolSystemOptions,
  ended: Ended,
  scenario: (system: PoolSystem) => Promise<T>,
): Promise<T> {
  const system = await PoolSystem.start(options, ended);
  try {
    return await scenario(system);
  } finally {
    await system.stop();
  }
}

/**
 * F3, F14: `count` tasks each of which ends its thread or process at its first delivery. `lost`: those that did not
 * succeed at the second.
 */
export const killedOnce = (pool: ChildPoolName, count: number, ended?: Ended, settings?: SettingsInput) =>
  on({ ...(settings && { settings }), pool, concurrency: 2 }, ended, async (system) => {
    const ids = await Promise.all(Array.from({ length: count }, () => system.send('kill-once')));
    const metas = await Promise.all(ids.map((id) => system.ended(id)));
    return { lost: metas.filter(({ result }) => result !== 'alive').length };
  });

/** F3: a task that always ends its child, beside `others` that do nothing: deliveries before it was given up. */
export const alwaysKilled = (
  pool: ChildPoolName,
  task: string,
  others: number,
  ended?: Ended,
  settings?: SettingsInput,
) =>
  on({ ...(settings && { settings }), pool, concurrency: 2 }, ended, async (system) => {
    let deliveries = 0;
    system.app.signals.on('task_received', (received) => void (received.task === task && (deliveries += 1)));
    const killer = await system.send(task, task === 'exit' ? [1] : []);
    const ids = await Promise.all(Array.from({ length: others }, () => system.send('noop')));
    const metas = await Promise.all(ids.map((id) => system.ended(id)));
    const meta = await system.ended(killer);
    return {
      deliveries,
      meta,
      quarantined: system.quarantined.map(({ code }) => code),
      lost: metas.filter(({ status }) => status !== 'SUCCESS').length,
      left: await (await system.app.broker()).size(system.app.queues[0]?.name ?? ''),
    };
  });

/** F9: `count` tasks that never end, under a hard limit: slots that are back, and how long after the limit. */
export const neverEnding = (
  pool: ChildPoolName,
  count: number,
  limit: number,
  ended?: Ended,
  settings?: SettingsInput,
) =>
  on({ ...(settings && { settings }), pool, concurrency: 2 }, ended, async (system) => {
    let recovered = 0;
    let slowestMs = 0;
    for (let i = 0; i < count; i += 1) {
      const id = await system.send(i % 2 === 0 ? 'for-ever' : 'spin-for-ever', [], { time_limit: limit });
      const from = performance.now();
      const meta = await system.ended(id);
      const back = await system.run('pid');
      slowestMs = Math.max(slowestMs, performance.now() - from - limit * 1000);
      if (meta.status === 'FAILURE' && back.status === 'SUCCESS') recovered += 1;
    }
    return { recovered, slowestMs };
  });

/** F11: `count` errors that no promise of their task hears: those that became their task's failure. */
export const strayErrors = (pool: ChildPoolName, count: number, ended?: Ended, settings?: SettingsInput) =>
  on({ ...(settings && { settings }), pool, concurrency: 2 }, ended, async (system) => {
    const tasks = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 'timer' : 'rejection'));
    const metas = await Promise.all(tasks.map((task) => system.run(task)));
    return {
      failed: metas.filter(({ result }) => (result as { exc_type?: string }).exc_type === 'ValueError')
        .length,
    };
  });

/** F12: a task that takes all memory: how it ended, and how long that took. */
export const outOfMemory = (pool: ChildPoolName, ended?: Ended, settings?: SettingsInput) =>
  on(
    { ...(settings && { settings }), pool, concurrency: 1, maxDeliveries: 1, heapPerChildMb: 64 },
    ended,
    async (system) => {
      const from = performance.now();
      const meta = await system.run('devour');
      const ms = performance.now() - from;
      return { meta, ms, after: await system.run('noop') };
    },
  );
