import { silentLogger, systemClock } from '../../src/base/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { onCommand, windowed } from './on-command.js';
import { largeMessage } from './sample-message.js';

const [url = '', queue = '', count = '0', window = '500'] = process.argv.slice(2);

/** Our transport alone. */
const transport = await createAmqpTransport({ url, options: {}, logger: silentLogger, clock: systemClock });
await transport.connect();
const { body, headers, correlationId } = largeMessage();
const message = {
  body,
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers,
  properties: { correlation_id: correlationId, reply_to: correlationId, delivery_mode: 2, priority: 0 },
} as const;

await onCommand(() =>
  windowed(Number(count), Number(window), () =>
    transport.publish(message, { exchange: '', routingKey: queue }),
  ),
);
