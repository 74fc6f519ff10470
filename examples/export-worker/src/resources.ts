import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { linkedIds } from './columns.js';
import type { Resource } from './project.js';
import type { Writer } from './writer.js';

const INDEX = 'resources.csv';

/** A name for each file: people give the same one to many, and paths or odd characters to some. */
function fileNames(resources: readonly Resource[]): readonly string[] {
  const taken = new Set([INDEX]);
  return resources.map((resource) => {
    const original =
      basename(resource.original_file.replaceAll('\\', '/'))
        .replace(/[\u0000-\u001f<>:"|?*]/g, '_')
        .replace(/^\.+/, '') || resource.id;
    const extension = extname(original);
    let name = original;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) {
      name = `${basename(original, extension)}_${number}${extension}`;
    }
    taken.add(name.toLowerCase());
    return name;
  });
}

/** A cell as RFC 4180 says; a text that a spreadsheet would take for a formula is marked as text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

/** A folder `<project>-resources` with every attached file, and an index of them that says what each belongs to. */
export const writeResources: Writer = async (project, outDir, onProgress = () => {}) => {
  const folder = join(outDir, `${project.projectSlug}-resources`);
  await mkdir(folder, { recursive: true });
  const names = fileNames(project.resources);
  const total = names.length + 1;
  const rows = [
    ['id', 'name', 'description', 'original_file', 'filename', 'locations', 'parties', 'relationships'],
  ];
  for (const [index, resource] of project.resources.entries()) {
    const name = names[index] ?? resource.id;
    await copyFile(resource.file, join(folder, name));
    rows.push([
      resource.id,
      resource.name,
      resource.description,
      resource.original_file,
      name,
      linkedIds(resource, 'locations'),
      linkedIds(resource, 'parties'),
      linkedIds(resource, 'tenurerelationship'),
    ]);
    await onProgress(index + 1, total);
  }
  await writeFile(join(folder, INDEX), csv(rows));
  await onProgress(total, total);
  return folder;
};
