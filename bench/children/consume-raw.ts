import { connect } from 'amqplib';

const [url = '', queue = '', prefetch = '64', every = '1'] = process.argv.slice(2);

/** The client alone: consume and acknowledge each, or every n-th with `multiple`. */
const model = await connect(url, { noDelay: true });
const channel = await model.createChannel();
await channel.prefetch(Number(prefetch), true);
let seen = 0;
await channel.consume(queue, (message) => {
  if (message === null) return;
  seen += 1;
  if (seen % Number(every) === 0) channel.ack(message, Number(every) > 1);
});
