/**
 * A consumer that holds what it takes and settles nothing: `redis-consumer.ts URL PREFIX LEASE QUEUE COUNT`. Says `holding` when it
 * has as many.
 */
import { silentLogger, systemClock } from '../../src/base/index.js';
import { directQueue } from '../../src/messaging/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';

const [url = '', prefix = '', lease = '', queue = '', count = ''] = process.argv.slice(2);
const transport = await createRedisTransport({
  url,
  options: { global_keyprefix: prefix, visibility_timeout: Number(lease) },
  logger: silentLogger,
  clock: systemClock,
});
let held = 0;
await transport.consume({
  queues: [{ ...directQueue(queue), exchange: { name: '', type: 'direct' } }],
  prefetch: Number(count),
  onDelivery: () => {
    held += 1;
    if (held === Number(count)) process.stdout.write('holding\n');
  },
});
