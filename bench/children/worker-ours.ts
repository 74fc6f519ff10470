import { createWorker } from '../../src/index.js';
import { benchApp } from './bench-app.js';

const [url = '', concurrency = '16', settings] = process.argv.slice(2);

/** The whole worker. */
const { app } = benchApp(url, settings);
const worker = createWorker(app, { concurrency: Number(concurrency), queues: ['bench'] });
await worker.start();
process.once('SIGTERM', () => void worker.stop({ deadlineMs: 1_000 }).then(() => app.close()));
