import { Command, Option } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { flagsOf } from '../../../src/cli/options/flags.js';

const option = (): Option => new Option('-A, --app <module>').env('FLAGS_TEST_APP');

/** What the command gets of a command line. */
async function given(...words: readonly string[]): Promise<unknown> {
  let flags: unknown;
  const program = new Command().addOption(option());
  program
    .command('run')
    .addOption(option())
    .option('-n <n>', '', '1')
    .option('--no-worker')
    .action((_flags, command: Command) => {
      flags = flagsOf(command);
    });
  await program.parseAsync(words, { from: 'user' });
  return flags;
}

afterEach(() => vi.unstubAllEnvs());

describe('options before and after the name of a command', () => {
  test.each([
    [['run'], { n: '1', worker: true }],
    [['-A', 'before', 'run'], { app: 'before', n: '1', worker: true }],
    [['run', '-A', 'after', '-n', '2', '--no-worker'], { app: 'after', n: '2', worker: false }],
    [['-A', 'before', 'run', '-A', 'after'], { app: 'after', n: '1', worker: true }],
  ])('%j', async (words, flags) => {
    expect(await given(...words)).toEqual(flags);
  });

  test('the environment stands behind both', async () => {
    vi.stubEnv('FLAGS_TEST_APP', 'environment');
    expect(await given('run')).toMatchObject({ app: 'environment' });
    expect(await given('-A', 'before', 'run')).toMatchObject({ app: 'before' });
    expect(await given('run', '-A', 'after')).toMatchObject({ app: 'after' });
  });
});
