import { describe, expect, test } from 'vitest';
import { appFolder } from './support/app-folder.js';
import { type Running, startHere } from './support/cli.js';

/** An app whose task is called once its worker is ready; `settings` and `more` are source text. */
const app = (settings: string, more = ''): string => `
import { Celery } from 'cadasta-workertoolbox';
export const app: Celery = new Celery('typed').configFromObject({
  broker_url: 'memory://',
  worker_proc_alive_timeout: 30,
  imports: ['./tasks.ts'],
  ...${settings},
});
app.signals.on('worker_ready', async () => {
  await app.send({ task: 'more.speak', args: [], kwargs: {}, options: { task_id: 'the-id' } });
});
${more}
`;

const TASKS = `
import { app } from './app.js';
app.task('more.speak', { bind: true }, (task) => {
  task.logger.info({ step: 1 }, 'by its logger');
  console.log('by the console', { a: 1 });
  console.error('and its error stream');
});
console.info('of no task');
`;

async function worker(args: readonly string[], source: string): Promise<Running> {
  const files = { 'app.ts': source, 'tasks.ts': TASKS, 'package.json': '{ "type": "module" }' };
  const cwd = await appFolder(files);
  return startHere(['-A', 'app.ts', 'worker', '-c', '1', ...args], { cwd });
}

describe.each(['async', 'threads', 'prefork'])('a worker with the pool %s', (pool) => {
  test('tells in the log what tasks of its imports say, and which said it', async () => {
    const { line, kill, ended } = await worker(['-P', pool], app('{}'));
    expect(await line(/by its logger/)).toMatch(
      /: INFO\/typed\] more\.speak\[the-id\]: by its logger +worker=\S+ step=1$/,
    );
    expect(await line(/by the console/)).toMatch(
      /: WARNING\/typed\] more\.speak\[the-id\]: by the console \{ a: 1 \} +worker=\S+$/,
    );
    expect(await line(/error stream/)).toMatch(/: WARNING\/typed\] more\.speak\[the-id\]: and its error/);
    expect(await line(/of no task/)).toMatch(/: WARNING\/typed\] of no task/);
    kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

test('lines have the form that the settings give them, and the console is left alone where they say so', async () => {
  const settings = `{
    worker_log_format: '%(levelname)-7s|%(message)s',
    worker_task_log_format: '%(asctime)s %(task_name)s|%(message)s',
    worker_task_log_datefmt: '%Y',
    worker_redirect_stdouts: false,
  }`;
  const { line } = await worker([], app(settings));
  expect(await line(/\|ready/)).toMatch(/^INFO {3}\|ready/);
  expect(await line(/by its logger/)).toMatch(/^\d{4} more\.speak\|by its logger/);
  expect(await line(/by the console/)).toBe('by the console { a: 1 }');
});

test('whoever sets up logging itself is not disturbed', async () => {
  const own = `
const say = (level: string) => (fields: object, message: string): void => {
  process.stdout.write(\`\${level}! \${message} \${JSON.stringify(fields)}\\n\`);
};
const logger = (): Celery['logger'] => ({
  debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), fatal: say('fatal'),
  child: logger,
});
app.signals.on('setup_logging', ({ loglevel }) => {
  app.logger = logger();
  app.logger.info({ loglevel }, 'mine');
});`;
  const { line } = await worker(['-l', 'warning'], app('{}', own));
  expect(await line(/mine/)).toBe('info! mine {"loglevel":"warning"}');
  expect(await line(/by its logger/)).toMatch(/^info! by its logger/);
});
