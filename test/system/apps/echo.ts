import { watch } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Celery, Config } from 'cadasta-workertoolbox';
import { z } from 'zod';

/** What the system tests run; everything else comes from the environment and the command line. */
export const app = new Celery('echo').configFromObject(new Config({ PLATFORM_QUEUE_NAME: 'platform.fifo' }));

app.task('msg.echo', (text: string) => text);
app.task('msg.add', (x: number, y: number) => x + y);
app.task('msg.strict', { input: z.object({ name: z.string() }) }, ({ name }) => `hello ${name}`);
app.task('msg.fail', (): never => {
  throw new RangeError('cannot reach amqp://user:canary-7h3@host/vhost');
});
/** Runs until the file is there, or until it is told to stop; its message is acknowledged at the end. */
app.task('msg.wait_for', { bind: true, acksLate: true }, async ({ signal }, file: string) => {
  console.log(`waiting for ${basename(file)}`);
  for await (const { filename } of watch(dirname(file), { signal })) {
    if (filename === basename(file)) break;
  }
  return 'waited';
});
