import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { OUTPUT_TYPES, partsOf, WRITERS } from './src/outputs.js';
import { loadProject, type Project } from './src/project.js';
import { writeResources } from './src/resources.js';
import { writeZip } from './src/zip.js';
import { freshFolder } from './test-support/folder.js';
import { describeWithPython, readWithPython } from './test-support/python.js';

const CSV = `
import sys, csv, json
with open(sys.argv[1], newline='', encoding='utf-8') as file: print(json.dumps(list(csv.DictReader(file))))
`;
const ZIP = `
import sys, json, zipfile, hashlib
with zipfile.ZipFile(sys.argv[1]) as file:
    assert file.testzip() is None
    print(json.dumps({name: hashlib.sha256(file.read(name)).hexdigest() for name in file.namelist()}))
`;

let project: Project;
beforeAll(async () => {
  project = await loadProject('highland-land-trust', 'ngara-valley');
});

describeWithPython('writeResources', () => {
  const folder = freshFolder();

  it('copies every file under a name of its own, and says in the index what it belongs to', async () => {
    const progress = vi.fn();
    const path = await writeResources(project, folder, progress);
    const rows = await readWithPython<Record<string, string>[]>(CSV, join(path, 'resources.csv'));
    expect(rows.map(({ id, description }) => [id, description])).toEqual(
      project.resources.map(({ id, description }) => [id, description]),
    );
    expect(rows.slice(0, 3).map(({ filename }) => filename)).toEqual([
      'sketch.png',
      'sketch_2.png',
      'sketch_3.png',
    ]);
    expect(readdirSync(path).sort()).toEqual(
      [...rows.map(({ filename }) => filename), 'resources.csv'].sort(),
    );
    for (const [index, { filename }] of rows.entries()) {
      expect(readFileSync(join(path, filename!)).equals(readFileSync(project.resources[index]!.file))).toBe(
        true,
      );
    }
    expect(rows.find(({ original_file }) => original_file === 'deed-1.pdf')?.relationships).toBe(
      project.relationships[1]!.id,
    );
    expect(progress.mock.calls.at(-1)).toEqual([13, 13]);
  });

  it('never writes a formula into the index, nor a file outside its folder', async () => {
    const [first] = project.resources;
    const names = [
      '../../evil.txt',
      '..\\..\\evil.txt',
      '/etc/passwd',
      '..',
      'resources.csv',
      'a:b?.txt',
      'EVIL.TXT',
    ];
    const resources = names.map((original_file) => ({ ...first!, name: '=HYPERLINK("x")', original_file }));
    const path = await writeResources({ ...project, projectSlug: 'evil', resources }, folder);
    const rows = await readWithPython<Record<string, string>[]>(CSV, join(path, 'resources.csv'));
    expect(rows.map(({ filename }) => filename)).toEqual([
      'evil.txt',
      'evil_2.txt',
      'passwd',
      first!.id,
      'resources_2.csv',
      'a_b_.txt',
      'EVIL_3.TXT',
    ]);
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set([`'=HYPERLINK("x")`]));
    expect(existsSync(join(folder, '..', 'evil.txt'))).toBe(false);
    expect(readdirSync(path)).toHaveLength(8);
  });
});

describe('output types', () => {
  it('are those of the platform, and all means every part', () => {
    expect([...OUTPUT_TYPES].sort()).toEqual(['all', 'res', 'shp', 'xls']);
    expect(partsOf('all')).toEqual(['shp', 'xls', 'res']);
    expect(partsOf('xls')).toEqual(['xls']);
  });
});

describeWithPython('writeZip', () => {
  const folder = freshFolder();

  it('packs a whole export, as Python reads it', async () => {
    const paths = await Promise.all(
      partsOf('all').map((part) => WRITERS[part](project, join(folder, 'parts'))),
    );
    const progress = vi.fn();
    const target = await writeZip(paths, join(folder, 'out', 'ngara-valley.zip'), progress);
    const names = Object.keys(await readWithPython<Record<string, string>>(ZIP, target)).sort();
    expect(names).toContain('ngara-valley.xlsx');
    expect(names.filter((name) => name.startsWith('ngara-valley-shp/locations.'))).toHaveLength(5);
    expect(names.filter((name) => name.startsWith('ngara-valley-resources/'))).toHaveLength(13);
    expect(names).toHaveLength(19);
    expect(progress.mock.calls.at(-1)).toEqual([20, 20]);
  });

  it('refuses two files of one name, which would be one', async () => {
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'same.txt'), name);
    }
    const paths = ['a', 'b'].map((name) => join(folder, name, 'same.txt'));
    await expect(writeZip(paths, join(folder, 'twice.zip'))).rejects.toThrow(
      'twice.zip would hold same.txt twice',
    );
    expect(existsSync(join(folder, 'twice.zip'))).toBe(false);
  });

  it('says when there is nothing to pack', async () => {
    await expect(writeZip([join(folder, 'missing')], join(folder, 'none.zip'))).rejects.toThrow(
      /ENOENT.*missing/,
    );
  });
});
