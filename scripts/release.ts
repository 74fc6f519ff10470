import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ReleaseFacts, refusals } from './release-rules.js';

/**
 * Releases the version that package.json names: tests, a clean build, the package checks, publishing with provenance,
 * and the tag. Refuses a tree or a branch that is not what would be tagged.
 *
 * `--dry-run` does everything but publish and tag, which it prints. `--branch` names another release branch.
 */
const { values: options } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, branch: { type: 'string', default: 'main' } },
});

const output = (command: string, ...args: string[]): string =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? '';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  name: string;
  version: string;
};
const tag = `v${version}`;

const facts: ReleaseFacts = {
  version,
  releaseBranch: options.branch,
  branch: output('git', 'rev-parse', '--abbrev-ref', 'HEAD'),
  changes: output('git', 'status', '--porcelain'),
  tags: output('git', 'tag', '--list').split('\n'),
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
};

interface Step {
  readonly command: readonly [string, ...string[]];
  /** Cannot be taken back: printed, not done, in a dry run. */
  readonly final?: true;
}
const steps: readonly Step[] = [
  { command: ['npm', 'test'] },
  { command: ['npm', 'run', 'build'] },
  { command: ['npm', 'run', 'check:package'] },
  { command: ['npm', 'publish', '--provenance', '--access', 'public'], final: true },
  { command: ['git', 'tag', '--annotate', tag, '--message', `${name} ${version}`], final: true },
  { command: ['git', 'push', 'origin', tag], final: true },
];

function release(): number {
  const reasons = refusals(facts);
  for (const reason of reasons) console.error(`release: ${reason}`);
  if (reasons.length > 0) return 1;
  for (const { command, final } of steps) {
    const text = command.join(' ');
    if (options['dry-run'] && final) {
      console.log(`would run: ${text}`);
      continue;
    }
    console.log(`> ${text}`);
    const [program, ...args] = command;
    if (spawnSync(program, args, { stdio: 'inherit' }).status !== 0) {
      console.error(`release: stopped, because this failed: ${text}`);
      return 1;
    }
  }
  return 0;
}

process.exitCode = release();
