import { afterEach, expect, it } from 'vitest';
import { directQueue, type OutgoingMessage, type Transport } from '../../src/messaging/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { describeRedis, redisContext } from '../support/redis.js';

const message = (id: string): OutgoingMessage => ({
  body: Buffer.from('1'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id },
  properties: {},
});

describeRedis('queue_order_strategy', (place) => {
  const open: Transport[] = [];
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  let unique = 0;

  it.each([
    ['priority', ['z', 'a']],
    ['sorted', ['a', 'z']],
  ])('%s empties the first queue before it takes of the next, one at a time', async (strategy, order) => {
    unique += 1;
    const queues = ['z', 'a'].map((name) => directQueue(`${name}${unique}`));
    const options = { queue_order_strategy: strategy };
    const [producer, consumer] = await Promise.all(
      [1, 2].map(() => createRedisTransport(redisContext(place(), options))),
    );
    if (producer === undefined || consumer === undefined) throw new Error('two are made');
    open.push(producer, consumer);
    await producer.declare(queues);
    for (let n = 0; n < 20; n += 1)
      for (const { name } of queues)
        await producer.publish(message(name), { exchange: '', routingKey: name });
    const seen: string[] = [];
    const done = new Promise<void>((resolve, reject) => {
      const onDelivery = (
        delivery: Parameters<Parameters<Transport['consume']>[0]['onDelivery']>[0],
      ): void => {
        seen.push(delivery.info.queue.slice(0, 1));
        delivery.ack().then(() => seen.length === 40 && resolve(), reject);
      };
      consumer.consume({ queues, prefetch: 1, onDelivery }).catch(reject);
    });
    await done;
    expect(seen).toEqual(order.flatMap((name) => Array<string>(20).fill(name)));
    const again = new Promise<void>((resolve) => {
      const look = setInterval(() => seen.length === 41 && (clearInterval(look), resolve()), 10);
    });
    await producer.publish(message('later'), { exchange: '', routingKey: `${order[1]}${unique}` });
    await again;
  });
});
