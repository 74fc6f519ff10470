import { chord, createWorker } from '../../src/index.js';
import { benchApp } from './bench-app.js';
import { onCommand } from './on-command.js';

const [role = '', url = '', settings, count = '0'] = process.argv.slice(2);

/** Either end of a chord: the worker, which tells of every poll for its end, or the client, which waits for that. */
const { app, noop, gather } = benchApp(url, settings);
if (role === 'worker') {
  app.signals.on('task_prerun', ({ task }) => {
    if (task === 'celery.chord_unlock') console.log('unlock');
  });
  const worker = createWorker(app, { concurrency: 16, queues: ['bench'] });
  await worker.start();
  process.once('SIGTERM', () => void worker.stop({ deadlineMs: 1_000 }).then(() => app.close()));
} else {
  await (await noop.delay(1, 2)).get({ timeout: 60 });
  await onCommand(async () => {
    const header = Array.from({ length: Number(count) }, () => noop.s(1, 2));
    await (await chord(header)(gather.s())).get({ timeout: 120 });
  });
}
