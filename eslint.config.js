import comments from '@eslint-community/eslint-plugin-eslint-comments';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Format is Biome's, floors are dependency-cruiser's; here stand the rules that need types or words.

const noEnvironment = [
  {
    object: 'process',
    property: 'env',
    message: 'Environment is read in src/toolbox/env.ts; take a value as an option.',
  },
  { object: 'process', property: 'exit', message: 'Only src/cli ends the process; throw instead.' },
];
const noTestHelpers = { group: ['vitest', 'vitest/*', 'fast-check'], message: 'Test tools stay in test/.' };
const noProcessNames = {
  name: 'node:process',
  importNames: ['env', 'exit'],
  message: 'Read the environment in src/toolbox/env.ts and end the process in src/cli only.',
};

export default defineConfig(
  {
    ignores: ['dist/', 'coverage/', 'node_modules/', '.venv/', '.demo/', 'artefacts/', '**/*.{js,cjs,mjs}'],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    plugins: { comments },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'comments/require-description': ['error', { ignore: [] }],
      'comments/disable-enable-pair': ['error', { allowWholeFile: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-debugger': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-catch': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-imports': ['error', { paths: [noProcessNames], patterns: [noTestHelpers] }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/toolbox/env.ts'],
    rules: { 'no-console': 'error', 'no-restricted-properties': ['error', ...noEnvironment] },
  },
  {
    // Tools for users' tests and the command line write to people and may be built on a test runner's globals.
    files: ['src/cli/**/*.ts', 'src/toolbox/env.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noTestHelpers] }] },
  },
  {
    // The runner awaits these for us.
    files: ['test/**/*.ts', 'examples/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-deprecated': 'off',
    },
  },
);
