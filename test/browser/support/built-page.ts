import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

export interface BuiltPage {
  readonly root: string;
  /** Bytes of all scripts as a browser fetches them. */
  scriptBytes(): number;
  remove(): void;
}

/** The page as the package will have it, built from the sources as they are now. */
export async function buildPage(): Promise<BuiltPage> {
  const root = mkdtempSync(join(tmpdir(), 'page-'));
  const configFile = fileURLToPath(new URL('../../../vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: root } });
  return {
    root,
    scriptBytes: () =>
      readdirSync(join(root, 'assets'))
        .filter((file) => file.endsWith('.js'))
        .reduce((sum, file) => sum + gzipSync(readFileSync(join(root, 'assets', file))).length, 0),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
