import { Worker } from 'bullmq';

const [url = '', queue = '', concurrency = '16'] = process.argv.slice(2);

/** BullMQ's worker; of a job that is done nothing is kept. */
const worker = new Worker(queue, () => Promise.resolve(null), {
  connection: { url },
  concurrency: Number(concurrency),
  removeOnComplete: { count: 0 },
});
await worker.waitUntilReady();
process.once('SIGTERM', () => void worker.close(true));
