import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: 'cadasta-workertoolbox/testing', replacement: at('./src/testing/index.ts') },
      { find: 'cadasta-workertoolbox/platform', replacement: at('./src/platform/index.ts') },
      { find: 'cadasta-workertoolbox/dashboard', replacement: at('./src/dashboard/index.ts') },
      { find: 'cadasta-workertoolbox', replacement: at('./src/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['test/types/**', 'node_modules/**'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    globalSetup: ['./test/support/global-setup.ts', './test/system/support/build.ts'],
    // Servers and Python peers start inside the tests: give hooks and cases room on a busy machine.
    // What runs in threads and processes of its own is loaded as users load it: compiled, and not through vite.
    server: {
      deps: { external: [/\/dist\//, /\/test\/system\/apps\//, /\/test\/interop\/settlement\/app/] },
    },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
