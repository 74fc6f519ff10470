import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APP = `import { Celery, Config } from 'cadasta-workertoolbox';
export const app = new Celery('geo').configFromObject(new Config({ QUEUES: ['geo'] }));
export const area = app.task('geo.area', (ring) => ring.length);
`;
const TESTS = `import assert from 'node:assert/strict';
import { buildFunctionalTests, Lab, runTask } from 'cadasta-workertoolbox/testing';
import { app, area } from './app.mjs';

buildFunctionalTests(app, { isWorker: true });

const it = globalThis.__vitest_index__?.it ?? globalThis.it ?? (await import('node:test')).it;
it('runs a task by itself, and an hour later in a lab', async () => {
  const { outcome } = await runTask(app, area, { args: [[1, 2, 3]] });
  assert.equal(outcome.value, 3);
  const lab = await Lab.open(app);
  await lab.worker();
  const result = await area.applyAsync({ args: [[1, 2]], countdown: 3600 });
  assert.equal((await lab.until(result)).result, 2);
  lab.expectSent(area, { countdown: 3600 });
  assert.throws(() => lab.expectSent(area, { countdown: 1 }), /but not as expected/);
  await lab.close();
});
`;

interface Runner {
  readonly name: string;
  readonly package?: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const FILE = 'functional.test.mjs';
const RUNNERS: readonly Runner[] = [
  { name: 'node:test', command: [process.execPath, '--test', FILE] },
  { name: 'mocha', package: 'mocha@11', command: ['node_modules/.bin/mocha', FILE] },
  { name: 'vitest', package: 'vitest@4', command: ['node_modules/.bin/vitest', 'run', FILE] },
  {
    name: 'jest',
    package: 'jest@30',
    command: [
      process.execPath,
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--testMatch',
      `**/${FILE}`,
    ],
  },
];

/** Runs the functional tests of an app, and a lab, under each runner, against the package installed in `folder`. */
export function tryTestRunners(
  folder: string,
  run: (cwd: string, command: string, ...args: string[]) => string,
): void {
  writeFileSync(join(folder, 'app.mjs'), APP);
  writeFileSync(join(folder, FILE), TESTS);
  const packages = RUNNERS.flatMap((runner) => runner.package ?? []);
  run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--no-save', ...packages);
  for (const { name, command } of RUNNERS) {
    run(folder, ...command);
    console.log(`functional tests under ${name}: pass`);
  }
}
