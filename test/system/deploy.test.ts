import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { cli } from './support/cli.js';

const FOLDER = 'examples/deploy';
const read = (name: string): string => readFileSync(`${FOLDER}/${name}`, 'utf8');
const units = readdirSync(FOLDER).filter((name) => name.endsWith('.service'));
const verifies = spawnSync('systemd-analyze', ['--version']).status === 0;

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: string[] }[] } };
  };
}

/** Every command line in those files: command and arguments. */
const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, { readonly command: string[]; readonly env_file: string }>>;
};
const deployments = parseAllDocuments(read('kubernetes.yaml')).map((one) => one.toJS() as Deployment);
const lines = [
  ...Object.values(compose.services).map(({ command }) => command),
  ...deployments.flatMap(({ spec }) => spec.template.spec.containers.map(({ args }) => args)),
  ...units.map((unit) => (/-A app\.js (.*)$/m.exec(read(unit))?.[1] ?? '').split(' ')),
];

describe('the files of examples/deploy', () => {
  test('run commands and options that exist', async () => {
    expect(lines).toHaveLength(9);
    const help = new Map<string, string>();
    for (const [command = '', ...args] of lines) {
      if (!help.has(command)) help.set(command, (await cli([command, '--help'])).out);
      expect(help.get(command), command).toContain(`workertoolbox ${command}`);
      for (const option of args.filter((word) => word.startsWith('-'))) {
        expect(help.get(command), `${command} ${option}`).toMatch(new RegExp(`(^| )${option}[ ,]`, 'm'));
      }
    }
    for (const service of Object.values(compose.services)) expect(service.env_file).toBe('app.env');
  });

  test.skipIf(!verifies)(`are units that systemd takes${verifies ? '' : ' (needs systemd-analyze)'}`, () => {
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...units.map((name) => `${FOLDER}/${name.replace('@', '@1')}`)],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
