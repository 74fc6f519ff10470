import { watch } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Celery, Config } from 'cadasta-workertoolbox';
import { z } from 'zod';

// What the system tests run, as a compiled app; everything else comes from the environment and the command line.
export const app = new Celery('echo').configFromObject(new Config());

app.task('msg.echo', (text) => text);
app.task('msg.add', (x, y) => x + y);
app.task('msg.strict', { input: z.object({ name: z.string() }) }, ({ name }) => `hello ${name}`);
app.task('msg.fail', () => {
  throw new RangeError('cannot reach amqp://user:canary-7h3@host/vhost');
});
// Runs until the file is there, or until it is told to stop; its message is acknowledged at the end.
app.task('msg.wait_for', { bind: true, acksLate: true }, async ({ signal }, file) => {
  process.stdout.write(`waiting for ${basename(file)}\n`);
  for await (const { filename } of watch(dirname(file), { signal })) {
    if (filename === basename(file)) break;
  }
  return 'waited';
});
// Its message is acknowledged at the beginning: what kills its worker loses it.
app.task('msg.hold', { acksLate: false }, (name) => {
  process.stdout.write(`holding ${name}\n`);
  return new Promise((resolve) => setTimeout(resolve, 600_000));
});
