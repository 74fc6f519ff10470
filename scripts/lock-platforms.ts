import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockEntry {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}
type Packages = Record<string, LockEntry>;

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Where Node would find `name` from the package at `from`. */
function locate(packages: Packages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

/** The optional packages of other platforms that a lock file does not name, by the path they belong at. */
export function missingPlatforms(packages: Packages): Packages {
  const missing: Packages = {};
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const words = name.split(/[-/]/);
      const os = words.filter((word) => SYSTEMS.includes(word));
      const cpu = words.flatMap((word) => PROCESSORS.find((known) => word.startsWith(known)) ?? []);
      // Only exact versions for a named platform: anything else npm has to choose.
      if (os.length === 0 || cpu.length === 0 || !/^\d+\.\d+\.\d+\S*$/.test(version)) continue;
      const found = locate({ ...packages, ...missing }, from, name);
      const there = found === undefined ? undefined : (packages[found] ?? missing[found]);
      if (there?.version === version) continue;
      const path = found === undefined ? `node_modules/${name}` : `${from}/node_modules/${name}`;
      const libc = os.includes('linux') ? { libc: [words.includes('musl') ? 'musl' : 'glibc'] } : {};
      missing[path] = { version, cpu, ...(entry.dev ? { dev: true } : {}), ...libc, optional: true, os };
    }
  }
  return missing;
}

/**
 * A registry that does not carry the packages of every platform makes npm leave them out of the lock file, and then
 * `npm ci` refuses it. Names them in package-lock.json as npm would, for who installs elsewhere.
 */
function completeLock(file: string): void {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Packages };
  const missing = missingPlatforms(lock.packages);
  const all = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} packages of other platforms added to ${file}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) completeLock('package-lock.json');
