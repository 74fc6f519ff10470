import { connect } from 'amqplib';
import { onCommand } from './on-command.js';
import { largeMessage } from './sample-message.js';

const [url = '', queue = '', count = '0', window = '500'] = process.argv.slice(2);

/** The client alone: confirmed publishes by callback, `window` at a time. */
const model = await connect(url, { noDelay: true });
const channel = await model.createConfirmChannel();
const { body, headers, correlationId } = largeMessage();
const options = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
  priority: 0,
  replyTo: correlationId,
  mandatory: true,
  headers,
  correlationId,
};

await onCommand(
  () =>
    new Promise<void>((resolve, reject) => {
      const total = Number(count);
      let sent = 0;
      let confirmed = 0;
      const pump = (): void => {
        while (sent < total && sent - confirmed < Number(window)) {
          sent += 1;
          channel.publish('', queue, body, options, (error: unknown) => {
            if (error !== null && error !== undefined)
              return reject(new Error('not confirmed', { cause: error }));
            confirmed += 1;
            if (confirmed === total) resolve();
            else pump();
          });
        }
      };
      pump();
    }),
);
