export {
  buildFunctionalTests,
  type FunctionalTestOptions,
  functionalChecks,
  type TestRunner,
} from './functional-tests.js';
export * from './lab/index.js';
