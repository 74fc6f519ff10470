import { expect, test } from 'vitest';
import { describeRabbitmq } from '../../support/rabbitmq.js';
import { describeRedis } from '../../support/redis.js';
import { PoolSystem } from './pool-system.js';

/** Calls made by tasks go out through the child's own connection: that takes a broker they share. */
describeRedis('calls from a pool', (place) => {
  test.each(['threads', 'prefork'] as const)('%s', async (pool) => {
    const settings = {
      broker_url: place().url,
      broker_transport_options: { global_keyprefix: place().prefix },
    };
    const system = await PoolSystem.start({ pool, settings });
    const id = await system.send('call', [], { root_id: 'the-root' });
    const meta = await system.ended(id);
    const child = meta.result as string;
    expect((await system.ended(child)).result).toEqual({
      id: child,
      name: 'who',
      root: 'the-root',
      parent: id,
    });
    expect(meta.children).toEqual([[[child, null], null]]);
  });
});

/** A copy of `memory://` in a child is another broker: nobody would take what is sent there. */
test.each(['threads', 'prefork'] as const)('%s: what only the worker can reach is refused', async (pool) => {
  const system = await PoolSystem.start({ pool });
  const place = pool === 'threads' ? 'thread' : 'process';
  for (const [task, args, setting] of [
    ['call', [], 'broker_url memory://'],
    ['await-result', ['some-id'], 'result_backend cache+memory://'],
  ] as const) {
    const { result } = await system.run(task, args);
    expect(result).toMatchObject({
      exc_message: [
        `${setting} exists in the worker's own process: a ${place} of its pool cannot reach it. Tasks that send calls or read results need a broker and a store that can be shared, or the pool async`,
      ],
    });
  }
  expect(system.logs).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      fields: expect.objectContaining({ settings: ['broker_url', 'result_backend'] }),
    }),
  );
});

/** A classic queue does not count deliveries. */
describeRabbitmq('what ends its child', (vhost) => {
  test.each(['threads', 'prefork'] as const)('%s: its message carries the count', async (pool) => {
    const system = await PoolSystem.start({
      pool,
      settings: { broker_url: vhost().url, worker_enable_remote_control: false },
      maxDeliveries: 3,
    });
    expect(await system.run('exit', [1])).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'WorkerLostError' },
    });
    expect(system.quarantined).toHaveLength(1);
    expect(system.quarantined[0]?.headers['x-worker-lost-count']).toBe(2);
    expect(await system.run('kill-once')).toMatchObject({ result: 'alive' });
  });
});
