import { describe, expect, test } from 'vitest';
import { cli } from './support/cli.js';

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  worker: [
    '-A, --app',
    '-b, --broker',
    '-Q, --queues',
    '-c, --concurrency',
    '-l, --loglevel',
    '-n, --hostname',
    '-P, --pool',
    '-E, --task-events',
  ],
  'sync-tasks': [
    '-A, --app',
    '-b, --broker',
    '--database',
    '-l, --loglevel',
    '--batch-size',
    '--without-reconciler',
  ],
  call: [
    '-A, --app',
    '-a, --args',
    '-k, --kwargs',
    '--countdown',
    '--eta',
    '--expires',
    '--queue',
    '-w, --wait',
    '--json',
  ],
  result: ['-A, --app', '--result-backend', '-w, --wait', '--traceback', '--json'],
  family: ['-A, --app', '--database', '--json'],
  check: ['-A, --app', '--offline', '--producer', '--database', '--json'],
  quarantine: ['list', 'show', 'replay', 'edit', 'discard'],
  audit: ['-A, --app', '--dry-run', '--repair', '--watch', '--silence', '--unmarked', '--json'],
  status: ['-A, --app', '-d, --destination', '-t, --timeout', '-j, --json'],
  inspect: ['-A, --app', '-d, --destination', '-t, --timeout', '-j, --json', '--list'],
  control: ['-A, --app', '-d, --destination', '-t, --timeout', '-j, --json', '--list'],
  events: ['-A, --app', '-d, --dump', '-j, --json', '--pattern'],
  purge: ['-A, --app', '-f, --force', '-Q, --queues', '-X, --exclude-queues'],
  retain: ['--database', '--older-than', '--state', '--type', '--with-results', '--dry-run', '--json'],
  migrate: ['--database', '--print-sql'],
  'grant-worker': ['--database', '--create', '--chords', '--control', '--print-sql'],
  up: ['-A, --app', '--data', '--no-worker', '-l, --loglevel', '--json'],
  demo: ['--out', '--pace'],
};

describe('the command line says what it can do', () => {
  test.each(Object.entries(FLAGS))('%s --help', async (command, flags) => {
    const { code, out, err } = await cli([command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: workertoolbox ${command}`);
    for (const flag of flags) expect(out).toContain(flag);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(125);
  });

  test('--help names every command and the exit codes', async () => {
    const { code, out, err } = await cli(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const command of Object.keys(FLAGS)) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('0 done, 1 the work failed, 2 the command line or the configuration is wrong');
  });

  test('--version is that of the package', async () => {
    const { default: about } = await import('../../package.json', { with: { type: 'json' } });
    expect(await cli(['--version'])).toMatchObject({ code: 0, out: `${about.version}\n` });
  });
});

describe('a wrong command line ends with code 2 and one line that says why', () => {
  test.each([
    [['wrker'], "unknown command 'wrker' (Did you mean worker?)"],
    [['worker', '--queue', 'a'], "unknown option '--queue' (Did you mean --queues?)"],
    [['worker', '-c', '0'], "option '-c, --concurrency <n>' argument '0' is invalid"],
    [['worker', '-P', 'gevent'], 'Allowed choices are async, threads, prefork, solo.'],
    [['worker', '-l', 'loud'], 'Expected debug, info, warning, error or critical.'],
    [['worker', '-Q', ','], 'Expected names separated by commas.'],
    [['call'], "missing required argument 'task'"],
    [['call', 'a.b', '--countdown', 'soon'], 'Expected a number of seconds.'],
    [['call', 'a.b', '--eta', 'tomorrow'], 'Expected a time such as 2026-11-23T09:30:00Z.'],
    [['sync-tasks', '--batch-size', '0'], 'Expected a whole number from 1.'],
    [['demo', '--pace', 'fast'], 'Expected a whole number.'],
    [['worker', '--broker-url=amqp://u:canary-7h3@h'], "unknown option '--broker-url=amqp://u:********@h'"],
  ])('%j', async (args, why) => {
    const { code, out, err } = await cli(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
    expect(err).toMatch(/^workertoolbox: .*\n$/);
  });

  test('no command at all shows the help', async () => {
    const { code, err } = await cli([]);
    expect(code).toBe(2);
    expect(err).toContain('Usage: workertoolbox');
  });
});
