import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { polygonsOf, signedArea } from './src/geometry.js';
import { DATA, loadProject } from './src/project.js';
import { freshFolder } from './test-support/folder.js';

const ORG = 'highland-land-trust';
const PROJECT = 'ngara-valley';

describe('the project of the example', () => {
  it('has its records, and each refers to one that is there', async () => {
    const project = await loadProject(ORG, PROJECT);
    const { locations, parties, relationships, resources } = project;
    expect([locations, parties, relationships, resources].map((records) => records.length)).toEqual([
      40, 30, 45, 12,
    ]);
    const places = new Set(locations.map(({ properties }) => properties.id));
    const people = new Set(parties.map(({ id }) => id));
    const rights = new Set(relationships.map(({ id }) => id));
    for (const { party, spatial_unit } of relationships) {
      expect([people.has(party), places.has(spatial_unit)]).toEqual([true, true]);
    }
    const byType = { locations: places, parties: people, tenurerelationship: rights };
    for (const { links } of resources)
      for (const { type, id } of links) expect(byType[type].has(id)).toBe(true);
    for (const { file } of resources) expect(readFileSync(file).length).toBeGreaterThan(50);
  });

  it('has rings that close and run as GeoJSON wants, holes and parts among them', async () => {
    const { locations } = await loadProject(ORG, PROJECT);
    for (const { geometry } of locations) {
      for (const [outer, ...holes] of polygonsOf(geometry)) {
        expect(signedArea(outer!)).toBeGreaterThan(0);
        for (const hole of holes) expect(signedArea(hole)).toBeLessThan(0);
        for (const ring of [outer!, ...holes]) expect(ring.at(-1)).toEqual(ring[0]);
      }
    }
    const shapes = locations.map(({ geometry }) => polygonsOf(geometry));
    expect(shapes.some((polygons) => polygons.length > 1)).toBe(true);
    expect(shapes.some((polygons) => polygons.some((rings) => rings.length > 1))).toBe(true);
  });

  it('is what its script makes', () => {
    const made = freshFolder();
    const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url));
    const script = fileURLToPath(new URL('make-data/main.ts', import.meta.url));
    execFileSync(process.execPath, [tsx, script, made]);
    const files = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
        .sort();
    expect(files(made)).toEqual(files(DATA));
    for (const file of files(DATA)) {
      expect(readFileSync(made + file).equals(readFileSync(DATA + file)), file).toBe(true);
    }
  });
});

describe('loadProject', () => {
  it.each([
    ['nobody', PROJECT],
    [ORG, 'nothing'],
    ['..', 'data'],
    [ORG, `../${ORG}/${PROJECT}`],
    ['', ''],
  ])('says which projects there are when asked for %s/%s', async (org, project) => {
    await expect(loadProject(org, project)).rejects.toThrow(
      `No project ${org}/${project}. There are: highland-land-trust/ngara-valley`,
    );
  });

  it('names the file and the place of what is broken', async () => {
    const data = freshFolder();
    cpSync(DATA, data, { recursive: true });
    writeFileSync(
      join(data, ORG, PROJECT, 'parties.json'),
      '[{"id":"a","name":5,"type":"IN","attributes":{}}]',
    );
    await expect(loadProject(ORG, PROJECT, data)).rejects.toThrow(/parties\.json[^]*\[0\]\.name/);
  });
});
