import { setTimeout as pause } from 'node:timers/promises';
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
/** Runs until its time is over, or until it is told to stop. */
app.task('msg.slow', { bind: true }, async ({ signal }, ms: number) => {
  console.log(`slow task of ${ms} ms runs`);
  await pause(ms, undefined, { signal });
  return 'slept';
});
