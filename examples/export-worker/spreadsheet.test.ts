import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { loadProject, type Project } from './src/project.js';
import { writeSpreadsheet } from './src/spreadsheet.js';
import { freshFolder } from './test-support/folder.js';
import { describeWithPython, readWithPython } from './test-support/python.js';

type Cell = string | number | boolean | null;
const READ = `
import sys, json, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}))
`;

describeWithPython('writeSpreadsheet', () => {
  const folder = freshFolder();
  let project: Project;
  let sheets: Record<string, [string[], ...Cell[][]]>;
  const progress = vi.fn();
  const rowsOf = (name: string): Record<string, Cell>[] => {
    const [headers, ...rows] = sheets[name]!;
    return rows.map((row) => Object.fromEntries(headers.map((header, index) => [header, row[index]!])));
  };

  beforeAll(async () => {
    project = await loadProject('highland-land-trust', 'ngara-valley');
    const path = await writeSpreadsheet(project, folder, progress);
    expect(path).toBe(join(folder, 'ngara-valley.xlsx'));
    sheets = await readWithPython(READ, path);
  });

  it('has a sheet for each kind of record, with a row for each', () => {
    expect(Object.entries(sheets).map(([name, rows]) => [name, rows.length - 1])).toEqual([
      ['locations', 40],
      ['parties', 30],
      ['relationships', 45],
      ['resources', 12],
    ]);
  });

  it('shows locations with geometry and attributes, numbers as numbers', () => {
    const [first] = rowsOf('locations');
    const { geometry, properties } = project.locations[0]!;
    const corner = (geometry.coordinates as number[][][])[0]![0]!;
    expect(first!['geometry.ewkt']).toMatch(
      new RegExp(`^POLYGON \\(\\(${corner[0]} ${corner[1]}, .*\\)\\)$`),
    );
    expect(first).toMatchObject({
      id: properties.id,
      type: 'PA',
      area: properties.area,
      parcel_number: 'NV/01/001',
      households: properties.attributes.households,
      water_on_site: properties.attributes.water_on_site,
      crops: (properties.attributes.crops as string[]).join(', '),
    });
  });

  it('shows holes and parts of geometries', () => {
    const shapes = rowsOf('locations').map((row) => String(row['geometry.ewkt']));
    expect(shapes.filter((text) => /^POLYGON \(\([^()]*\), \([^()]*\)\)$/.test(text)).length).toBeGreaterThan(
      0,
    );
    expect(
      shapes.filter((text) => /^MULTIPOLYGON \(\(\([^()]*\)\), \(\([^()]*\)\)\)$/.test(text)).length,
    ).toBeGreaterThan(0);
  });

  it('shows what belongs together', () => {
    const places = new Set(rowsOf('locations').map(({ id }) => id));
    const people = new Set(rowsOf('parties').map(({ id }) => id));
    for (const row of rowsOf('relationships')) {
      expect([people.has(row.party_id), places.has(row.spatial_unit_id)]).toEqual([true, true]);
    }
    const beacons = rowsOf('resources').find(({ original_file }) => original_file === 'beacons.csv');
    expect(String(beacons?.locations).split(', ')).toHaveLength(10);
  });

  it('tells its progress to the end', () => {
    expect(progress.mock.calls).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  it('writes texts that are long, odd or look like formulas as texts', async () => {
    const names = [
      '=1+1',
      'a\u0001b',
      'Wanjikū <&> "x"',
      '\ud800',
      ' blanks ',
      'x'.repeat(40_000),
      'line\nbreak',
    ];
    const odd = {
      ...project,
      projectSlug: 'odd',
      parties: names.map((name) => ({ ...project.parties[0]!, name })),
    };
    const path = await writeSpreadsheet(odd, folder);
    const { parties } = await readWithPython<typeof sheets>(READ, path);
    expect(parties!.slice(1).map((row) => row[1])).toEqual([
      '=1+1',
      'ab',
      'Wanjikū <&> "x"',
      '',
      ' blanks ',
      '(40000 characters: too long for a spreadsheet)',
      'line\nbreak',
    ]);
    const kinds = await readWithPython<string[]>(
      `import sys, json, openpyxl
print(json.dumps([row[1].data_type for row in openpyxl.load_workbook(sys.argv[1])['parties'].iter_rows(min_row=2)]))`,
      path,
    );
    expect(new Set(kinds)).toEqual(new Set(['s']));
  });

  it('writes a project without records', async () => {
    const empty = {
      ...project,
      projectSlug: 'empty',
      locations: [],
      parties: [],
      relationships: [],
      resources: [],
    };
    const read = await readWithPython<typeof sheets>(READ, await writeSpreadsheet(empty, folder));
    expect(read.parties).toEqual([['id', 'name', 'type']]);
  });
});
