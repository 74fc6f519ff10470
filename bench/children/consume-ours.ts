import { silentLogger, systemClock } from '../../src/base/index.js';
import { directQueue } from '../../src/messaging/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';

const [url = '', queue = '', prefetch = '64'] = process.argv.slice(2);

/** Our transport alone: consume and acknowledge each. */
const transport = await createAmqpTransport({ url, options: {}, logger: silentLogger, clock: systemClock });
await transport.connect();
await transport.consume({
  queues: [directQueue(queue)],
  prefetch: Number(prefetch),
  onDelivery: (delivery) => void delivery.ack(),
});
