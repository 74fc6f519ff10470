import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder with certificates of a CA of its own. */
export interface Signers {
  readonly folder: string;
  key(name: string): string;
  cert(name: string): string;
  remove(): void;
}

/** Makes keys and certificates by their names; see signers.py for what may follow a name. */
export function makeSigners(python: string, names: readonly string[]): Signers {
  const folder = mkdtempSync(join(tmpdir(), 'signers-'));
  const script = fileURLToPath(new URL('signers.py', import.meta.url));
  execFileSync(python, [script, folder, ...names], { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    folder,
    key: (name) => join(folder, `${name}.key`),
    cert: (name) => join(folder, `${name}.pem`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
