import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** A skip whose reason begins like this is for want of something that CI must have. */
const NEEDS = /\bneeds\b/i;

interface Skip {
  readonly name: string;
  readonly reason: string | undefined;
}

/** What a test says about its skip: `ctx.skip(reason)`, or the words in brackets at the end of its (or its group's) name. */
function reasonOf(test: TestCase): string | undefined {
  const result = test.result();
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  return /\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?: >|$)/.exec(test.fullName)?.[1];
}

const plural = (skips: readonly Skip[]): string =>
  `${skips.length} ${skips.length === 1 ? 'test' : 'tests'} skipped`;

/**
 * Ends a run with the plain line `N passed, N failed, N skipped`, after the skips and their reasons. With `CI` set, a
 * skip for want of a service (its reason says what it needs) or without a reason fails the run.
 *
 * `WORKERTOOLBOX_SUMMARY_FILE` names a file that receives the line instead of the terminal.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    const skips: Skip[] = [];
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') count.passed += 1;
        else if (state === 'failed') count.failed += 1;
        else {
          count.skipped += 1;
          skips.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: reasonOf(test) });
        }
      }
      // A file that cannot be loaded, or a hook that fails, has no test to show it.
      if (module.state() === 'failed' && count.failed === before) count.failed += 1;
    }
    if (skips.length > 0) console.log(`\n${plural(skips)}:\n${listOf(skips)}`);
    const refused = refusedIn(skips);
    if (refused.length > 0) {
      console.log(`\nNot accepted in CI (something is missing, or no reason is given): ${plural(refused)}`);
      count.skipped -= refused.length;
      count.failed += refused.length;
    }
    const line = `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`;
    const file = process.env.WORKERTOOLBOX_SUMMARY_FILE;
    if (file === undefined) console.log(`\n${line}`);
    else writeFileSync(file, `${line}\n`);
    if (count.failed > 0) process.exitCode = 1;
  }
}

/** The skips that fail a run in CI. */
function refusedIn(skips: readonly Skip[]): readonly Skip[] {
  if ((process.env.CI ?? '') === '') return [];
  return skips.filter(({ reason }) => reason === undefined || NEEDS.test(reason));
}

/** One line for each reason, with the tests it holds for. */
function listOf(skips: readonly Skip[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason = 'no reason given' } of skips) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), `    ${name}`]);
  }
  return [...byReason].map(([reason, names]) => `  ${reason}\n${names.join('\n')}`).join('\n');
}
