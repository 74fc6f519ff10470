import type { Transport } from '../../src/messaging/index.js';
import { directQueue } from '../../src/messaging/index.js';
import { startCluster, startSentinelGroup } from '../support/redis-groups.js';
import { eventually, runTraffic, type TrafficCounts } from './traffic.js';

/** Makes a transport for a URL. */
export type Connect = (url: string, options: Readonly<Record<string, unknown>>) => Promise<Transport>;

/**
 * The master of a group watched by three sentinels is killed, or frozen, under load. `lost` is what asynchronous replication
 * had not yet carried to the replica when it was promoted.
 */
export async function sentinelFailover(
  connect: Connect,
  { how = 'kill', messages = 500 }: { readonly how?: 'kill' | 'freeze'; readonly messages?: number } = {},
): Promise<TrafficCounts> {
  const group = await startSentinelGroup();
  const options = { master_name: group.masterName, visibility_timeout: 3, publish_timeout: 20 };
  const [producer, consumer] = [await connect(group.url, options), await connect(group.url, options)];
  try {
    return await runTraffic({
      producer,
      consumer,
      queue: directQueue('failover'),
      disturb: async (progress) => {
        await eventually(() => progress().received >= messages);
        if (how === 'kill') await group.master.kill();
        else group.master.freeze();
        const before = progress().received;
        await eventually(() => progress().received >= before + messages, 40_000);
      },
    });
  } finally {
    await Promise.all([producer.close(), consumer.close()]);
    group.master.thaw();
    await group.close();
  }
}

/** The slot of the keys of a cluster moves to another node, twice, under load. */
export async function clusterMove(
  connect: Connect,
  { messages = 300 }: { readonly messages?: number } = {},
): Promise<TrafficCounts> {
  const cluster = await startCluster();
  const options = { global_keyprefix: '{app}:', visibility_timeout: 3, publish_timeout: 20 };
  const [producer, consumer] = [await connect(cluster.url, options), await connect(cluster.url, options)];
  try {
    return await runTraffic({
      producer,
      consumer,
      queue: directQueue('moving'),
      disturb: async (progress) => {
        for (let move = 0; move < 2; move += 1) {
          const before = progress().received;
          await eventually(() => progress().received >= before + messages);
          await cluster.move('{app}:');
        }
        const before = progress().received;
        await eventually(() => progress().received >= before + messages);
      },
    });
  } finally {
    await Promise.all([producer.close(), consumer.close()]);
    await cluster.close();
  }
}
