import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from './cli.js';

/** A folder elsewhere with these files, in which this package is installed; removed when the test ends. */
export async function appFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'app-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules/cadasta-workertoolbox'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** An app module, as ECMAScript; `settings` is source text. */
export const appSource = (settings = "{ broker_url: 'memory://' }"): string => `
import { Celery, Config } from 'cadasta-workertoolbox';
export const app = new Celery('elsewhere').configFromObject(new Config(${settings}));
app.task('msg.echo', (text) => text);
`;
