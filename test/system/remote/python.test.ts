import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running as Python, PythonCelery } from '../../interop/control/python.js';
import { keysOf } from '../../support/keys-of.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';
import { cli, type Ended, type Running, start, startHere } from '../support/cli.js';
import { ECHO } from '../support/echo.js';

const PEER = 'py@here';
const OURS = 'ts@here';
const ID = 'f0000000-0000-4000-8000-00000000000b';
const python = celeryPython();

const OWN_STATS = ['outcomes', 'quarantined', 'duplicates', 'lost', 'state', 'loop'];

/** `stats` without what only one side has to say, and without the options, which each app sets for itself. */
const known = (stats: Readonly<Record<string, unknown>> = {}): object => ({
  ...Object.fromEntries(Object.entries(stats).filter(([key]) => !OWN_STATS.includes(key))),
  broker: { ...(stats.broker as object), transport_options: null },
});

type Answers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

describeRabbitmq(`command line beside Python's${python ? '' : ` (${NO_PYTHON})`}`, (vhost) => {
  if (python === undefined) return;
  let celery: PythonCelery;
  let peer: Python;
  let ours: Running;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const { url } = vhost();
    celery = new PythonCelery(python, { url });
    env = {
      WORKERTOOLBOX_APP: ECHO,
      WORKERTOOLBOX_BROKER: url,
      WORKERTOOLBOX_RESULT_BACKEND: 'cache+memory://',
    };
    peer = celery.start('worker', '-n', PEER, '-c', '1', '-l', 'info');
    ours = start(['worker', '-n', OURS, '-Q', 'msg', '-c', '1'], { env });
    await Promise.all([peer.line(/ready/), ours.line(/ready/)]);
  }, 60_000);
  afterAll(async () => {
    ours.kill('SIGKILL');
    await Promise.all([ours.ended, peer.stop()]);
  }, 30_000);

  const run = (...args: readonly string[]): Promise<Ended> => cli(args, { env });
  /** Two nodes answer; nobody waits longer than for them. */
  const both = ['--json', '-d', `${OURS},${PEER}`, '--timeout', '20'];
  const read = ({ out }: { readonly out: string }): Answers =>
    JSON.parse(out.split('\n')[0] ?? '') as Answers;

  test.each([
    ['ping'],
    ['active'],
    ['registered'],
    ['conf'],
    ['active_queues'],
    ['scheduled'],
    ['reserved'],
    ['revoked'],
    ['query_task', ID],
    ['report'],
    ['clock'],
  ])(
    'inspect %s: the same answers of both workers as `celery inspect` prints',
    async (...words) => {
      const [mine, theirs] = await Promise.all([
        run('inspect', ...words, ...both),
        celery.run('inspect', ...words, ...both),
      ]);
      expect({ code: mine.code, err: mine.err }).toEqual({ code: 0, err: '' });
      const [here, there] = [read(mine), read(theirs)];
      expect(Object.keys(here).sort()).toEqual([PEER, OURS]);
      // Logical time goes on.
      if (words[0] === 'clock') expect(keysOf(here)).toEqual(keysOf(there));
      else expect(here).toEqual(there);
      if (!['conf', 'report', 'registered'].includes(String(words[0]))) {
        expect(keysOf(here[OURS])).toEqual(keysOf(here[PEER]));
      }
    },
    60_000,
  );

  test('inspect stats: the same keys by both, of both', async () => {
    const [mine, theirs] = await Promise.all([
      run('inspect', 'stats', ...both),
      celery.run('inspect', 'stats', ...both),
    ]);
    const [here, there] = [read(mine), read(theirs)];
    expect(keysOf(here)).toEqual(keysOf(there));
    expect(keysOf(known(here[OURS]))).toEqual(keysOf(known(here[PEER])));
  }, 60_000);

  test.each([
    [['rate_limit', 'peer.add', '5/m'], 'new rate limit set successfully'],
    [['time_limit', 'peer.add', '5', '10'], 'time limits set successfully'],
    [['pool_grow', '1'], 'pool will grow'],
    [['revoke', ID], `tasks {'${ID}'} flagged as revoked`],
    [['add_consumer', 'more'], 'add consumer more'],
    [['cancel_consumer', 'more'], 'no longer consuming from more'],
    [['enable_events'], 'task events enabled'],
  ])(
    'control %j is obeyed by a Python worker',
    async (words, said) => {
      const { code, out, err } = await run('control', ...words, '-d', PEER, '--timeout', '20');
      expect({ code, err, out }).toEqual({ code: 0, err: '', out: `->  ${PEER}: OK\n        ${said}\n` });
    },
    60_000,
  );

  test('what a worker refuses ends with code 1 and its words', async () => {
    const { code, out } = await run('control', 'rate_limit', 'no.such', '5/m', '-d', PEER, '--timeout', '20');
    expect({ code, out }).toEqual({ code: 1, out: `->  ${PEER}: ERROR\n        unknown task\n` });
  }, 60_000);

  test('events --dump shows what a Python worker does', async () => {
    const events = startHere(['events', '--dump'], { env });
    await events.line(/listening for events/);
    await run('call', 'peer.add', '-a', '[1, 2]', '--queue', 'peer-tasks');
    for (const type of ['task-received', 'task-started', 'task-succeeded']) {
      expect(await events.line(new RegExp(`${PEER} ${type} `))).toMatch(
        /peer\.add\[[0-9a-f-]{36}\].* clock=\d+/,
      );
    }
    events.kill('SIGINT');
    expect((await events.ended).code).toBe(0);
  }, 60_000);

  test('status names both; shutdown ends them, and then nobody is there', async () => {
    const status = await run('status', '-d', `${OURS},${PEER}`, '--timeout', '20');
    expect(status.code).toBe(0);
    expect(status.out.split('\n').sort().join('\n')).toBe(
      ['', '', `->  ${PEER}: OK`, `->  ${OURS}: OK`, '2 nodes online.'].join('\n'),
    );
    expect((await run('control', 'shutdown')).code).toBe(0);
    await Promise.all([peer.line(/Got shutdown from remote/), ours.ended]);
    await peer.stop();
    expect(await run('status', '--timeout', '0.5')).toMatchObject({
      code: 69,
      err: expect.stringContaining('No nodes replied') as string,
    });
  }, 60_000);
});
