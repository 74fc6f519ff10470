import { describe, expect, test } from 'vitest';
import { appFolder, appSource } from './support/app-folder.js';
import { cli, type Ended } from './support/cli.js';

const TYPED = `
import { Celery, Config } from 'cadasta-workertoolbox';
import { answer } from './tasks/answer.js';
export const app: Celery = new Celery('typed').configFromObject(new Config({ broker_url: 'memory://' }));
app.task('msg.answer', (): number => answer);
`;
const TYPED_PART = { 'tasks/answer.ts': 'export const answer: number = 42;\n' };
const CONFIG = "{ broker_url: 'memory://' }";
const DEFAULT = `
import { Celery, Config } from 'cadasta-workertoolbox';
export default new Celery('default').configFromObject(new Config(${CONFIG}));
`;
const REQUIRED = `
const { Celery, Config } = require('cadasta-workertoolbox');
module.exports = { app: new Celery('required').configFromObject(new Config(${CONFIG})) };
`;
const MODULE = { 'package.json': '{ "type": "module" }' };
const COMMON = { 'package.json': '{ "type": "commonjs" }' };

async function check(files: Readonly<Record<string, string>>, app: string): Promise<Ended> {
  const cwd = await appFolder(files);
  return cli(['-A', app, 'check', '--offline'], { cwd });
}

describe('-A loads the app that a module exports', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['TypeScript in a package of modules', { 'app.ts': TYPED, ...TYPED_PART, ...MODULE }, 'app.ts'],
    ['TypeScript in a package that says nothing', { 'app.ts': TYPED, ...TYPED_PART }, 'app.ts'],
    ['TypeScript in a CommonJS package', { 'app.ts': TYPED, ...TYPED_PART, ...COMMON }, 'app.ts'],
    [
      'the name without its ending',
      { 'src/app.ts': TYPED, 'src/tasks/answer.ts': TYPED_PART['tasks/answer.ts'] },
      'src/app',
    ],
    ['a folder', { 'src/index.ts': TYPED, 'src/tasks/answer.ts': TYPED_PART['tasks/answer.ts'] }, './src'],
    ['JavaScript', { 'app.js': appSource(), ...MODULE }, 'app.js'],
    ['JavaScript as .mjs', { 'app.mjs': appSource() }, 'app.mjs'],
    ['CommonJS', { 'app.cjs': REQUIRED }, 'app.cjs'],
    ['the default export', { 'app.mjs': DEFAULT }, 'app.mjs'],
    [
      'a named export',
      { 'app.mjs': appSource().replaceAll('app', 'mine').replace('mine.mjs', 'app.mjs') },
      'app.mjs:mine',
    ],
  ])('%s', async (_name, files, app) => {
    const { code, out, err } = await check(files, app);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('The app conforms.');
  });
});

describe('an app that cannot be loaded ends with code 2 and one line that names the module', () => {
  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['no such file', {}, 'nowhere.ts', 'there is no file nowhere.ts; give the path of the module'],
    [
      'throws',
      { 'app.mjs': "throw new Error('no file\\n at amqp://u:canary-7h3@h/')" },
      'app.mjs',
      'cannot be loaded: no file at amqp://u:********@h/',
    ],
    ['throws something else', { 'app.mjs': 'throw 7' }, 'app.mjs', 'cannot be loaded: 7'],
    [
      'exports no app',
      { 'app.mjs': 'export const x = 1' },
      'app.mjs',
      'does not export an app; export it: export const app',
    ],
    [
      'exports another name',
      { 'app.mjs': appSource() },
      'app.mjs:worker',
      'does not export an app named worker',
    ],
    ['broken JavaScript', { 'app.mjs': 'export const x = ;' }, 'app.mjs', "Unexpected token ';'"],
    ['broken TypeScript', { 'app.ts': 'export const x = ;' }, 'app.ts', 'app.ts:1:17: ERROR: Unexpected ";"'],
    [
      'a package that is not installed',
      { 'app.mjs': "import 'not-there'" },
      'app.mjs',
      "Cannot find package 'not-there'",
    ],
    [
      'another copy of the package',
      { 'app.mjs': 'export const app = { configFromObject() {}, send() {}, tasks: {} }' },
      'app.mjs',
      'made by another copy of cadasta-workertoolbox',
    ],
  ])('%s', async (_name, files, app, why) => {
    const { code, out, err } = await check(files, app);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^workertoolbox: -A .*\n$/);
    expect(err).toContain(why);
    expect(err).not.toContain('canary-7h3');
  });

  test('no app named', async () => {
    const { code, err } = await cli(['worker']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'workertoolbox: no app is named; give the module that exports it: -A app.ts\n',
    });
  });
});

describe('where options come from', () => {
  test('after the name wins over before it, and both over the environment', async () => {
    const cwd = await appFolder({ 'app.mjs': appSource() });
    const env = { WORKERTOOLBOX_APP: 'environment.mjs' };
    expect((await cli(['check'], { cwd, env })).err).toContain('environment.mjs');
    expect((await cli(['-A', 'before.mjs', 'check'], { cwd, env })).err).toContain('before.mjs');
    expect((await cli(['-A', 'before.mjs', 'check', '-A', 'app.mjs', '--offline'], { cwd, env })).code).toBe(
      0,
    );
    expect((await cli(['check', '-A', 'app.mjs', '--offline'], { cwd, env })).code).toBe(0);
  });
});
