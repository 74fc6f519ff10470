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
