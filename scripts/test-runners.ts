import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APP = `import { Celery, Config } from 'cadasta-workertoolbox';
export const app = new Celery('geo').configFromObject(new Config({ QUEUES: ['geo'] }));
app.task('geo.area', (ring) => ring.length);
`;
const TESTS = `import { buildFunctionalTests } from 'cadasta-workertoolbox/testing';
import { app } from './app.mjs';
buildFunctionalTests(app, { isWorker: true });
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

/** Runs the functional tests of an app under each runner, against the package installed in `folder`. */
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
