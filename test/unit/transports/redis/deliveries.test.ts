import { expect, it } from 'vitest';
import { silentLogger, systemClock, ToolboxError } from '../../../../src/base/index.js';
import { BROKER, parseRedisUrl, RedisConnection } from '../../../../src/redis/index.js';
import type { Arrivals } from '../../../../src/transports/redis/arrivals.js';
import { brokerDial } from '../../../../src/transports/redis/broker-connection.js';
import { Deliveries } from '../../../../src/transports/redis/deliveries.js';
import { Keys } from '../../../../src/transports/redis/keys.js';
import { parseRedisOptions } from '../../../../src/transports/redis/redis-options.js';
import type { ScriptedRedis } from '../../../../src/transports/redis/scripts.js';
import { describeRedis } from '../../../support/redis.js';

/** A connection that can lose an answer after the command was carried out. */
class Forgetful extends RedisConnection<ScriptedRedis> {
  forget = 0;

  override async run<T>(...args: Parameters<RedisConnection<ScriptedRedis>['run']>): Promise<T> {
    const answer = await super.run(...args);
    if (this.forget > 0) {
      this.forget -= 1;
      throw new ToolboxError('BROKER_UNREACHABLE', 'the connection was lost');
    }
    return answer as T;
  }
}

describeRedis('deliveries over Redis whose answers get lost', (place) => {
  const options = { max: 2, waitSeconds: 0, signal: new AbortController().signal };

  async function deliveries(): Promise<{ made: Deliveries; connection: Forgetful; list: string }> {
    const parsed = parseRedisOptions({ global_keyprefix: place().prefix }, silentLogger);
    const address = parseRedisUrl(place().url);
    const dial = await brokerDial(address, parsed);
    const connection = new Forgetful({
      name: 'test',
      purpose: BROKER,
      dial,
      url: address.shown,
      clock: systemClock,
      patienceMs: 0,
    });
    const keys = new Keys(parsed, address.db);
    const arrivals = { wait: async () => {} } as unknown as Arrivals;
    const made = new Deliveries({
      fetch: connection,
      commands: connection,
      arrivals,
      keys,
      clock: systemClock,
      leaseSeconds: 3600,
    });
    return { made, connection, list: keys.listFor('q', 0) };
  }

  it('a fetch is asked for again by its name: nothing waits for its lease to end', async () => {
    const { made, connection, list } = await deliveries();
    await place().client.lpush(list, '"a"', '"b"', '"c"');
    connection.forget = 1;
    await expect(made.receive('q', options)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    const found = await made.receive('q', options);
    expect(found.map(({ text }) => text)).toEqual(['"a"', '"b"']);
    const next = await made.receive('q', options);
    expect(next.map(({ text }) => text)).toEqual(['"c"']);
    const receipts = [...found, ...next].map(({ receipt }) => receipt);
    expect(await made.settle('q', receipts)).toEqual([undefined, undefined, undefined]);
    expect(await place().client.exists(`${place().prefix}unacked`, `${place().prefix}unacked_index`)).toBe(0);
    await connection.close();
  });

  it('never holds more of it than there is room for now', async () => {
    const { made, connection, list } = await deliveries();
    await place().client.lpush(list, '"a"', '"b"');
    connection.forget = 1;
    await expect(made.receive('q', options)).rejects.toThrow();
    expect((await made.receive('q', { ...options, max: 1 })).map(({ text }) => text)).toEqual(['"a"']);
    expect(await place().client.lrange(list, 0, -1)).toEqual(['"b"']);
    await place().client.del(list, `${place().prefix}unacked`, `${place().prefix}unacked_index`);
    await connection.close();
  });

  it('an acknowledgement made twice is not taken for a lost lease; another is', async () => {
    const { made, connection, list } = await deliveries();
    await place().client.lpush(list, '"a"');
    const [taken] = await made.receive('q', options);
    const receipts = [taken?.receipt ?? ''];
    connection.forget = 1;
    await expect(made.settle('q', receipts)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(await made.settle('q', receipts)).toEqual([undefined]);
    expect(await made.settle('q', receipts)).toMatchObject([{ code: 'LEASE_LOST' }]);
    await connection.close();
  });
});
