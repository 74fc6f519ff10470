import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missingPlatforms } from '../../scripts/lock-platforms.js';

describe('package-lock.json', () => {
  const text = readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8');

  it('names the packages of every platform, so that `npm ci` takes it (mend: npm run lock)', () => {
    const { packages } = JSON.parse(text) as { packages: Parameters<typeof missingPlatforms>[0] };
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(Object.keys(missingPlatforms(packages))).toEqual([]);
  });

  it('names no registry', () => {
    expect(text).not.toContain('"resolved"');
  });
});

describe('missingPlatforms', () => {
  const tool = (version: string) => ({
    version: '1.0.0',
    dev: true,
    optionalDependencies: {
      '@tool/cli-linux-x64-musl': version,
      '@tool/cli-darwin-arm64': version,
      other: version,
    },
  });

  it('adds what is not there, as npm writes it', () => {
    expect(missingPlatforms({ 'node_modules/tool': tool('1.0.0') })).toEqual({
      'node_modules/@tool/cli-linux-x64-musl': {
        version: '1.0.0',
        cpu: ['x64'],
        dev: true,
        libc: ['musl'],
        optional: true,
        os: ['linux'],
      },
      'node_modules/@tool/cli-darwin-arm64': {
        version: '1.0.0',
        cpu: ['arm64'],
        dev: true,
        optional: true,
        os: ['darwin'],
      },
    });
  });

  it('puts another version beside the one that has the place', () => {
    const packages = {
      'node_modules/tool': tool('1.0.0'),
      'node_modules/@tool/cli-darwin-arm64': { version: '0.9.0' },
      'node_modules/@tool/cli-linux-x64-musl': { version: '1.0.0' },
    };
    expect(Object.keys(missingPlatforms(packages))).toEqual([
      'node_modules/tool/node_modules/@tool/cli-darwin-arm64',
    ]);
  });

  it('leaves ranges to npm', () => {
    expect(missingPlatforms({ 'node_modules/tool': tool('^1.0.0') })).toEqual({});
  });
});
