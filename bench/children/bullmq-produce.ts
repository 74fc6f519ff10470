import { Queue } from 'bullmq';
import { onCommand, windowed } from './on-command.js';

const [url = '', queue = '', count = '0', window = '500', bulk = '1'] = process.argv.slice(2);

/** BullMQ's producer: `add`, so many at once, or `addBulk` of so many, one after the other. */
const jobs = new Queue(queue, { connection: { url } });
await jobs.waitUntilReady();
const size = Number(bulk);

await onCommand(() =>
  size === 1
    ? windowed(Number(count), Number(window), () => jobs.add('bench.noop', [1, 2]))
    : windowed(Number(count) / size, 1, () =>
        jobs.addBulk(Array.from({ length: size }, () => ({ name: 'bench.noop', data: [1, 2] }))),
      ),
);
