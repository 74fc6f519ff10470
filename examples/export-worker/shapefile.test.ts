import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { boxOf, polygonsOf } from './src/geometry.js';
import { loadProject, type Position, type Project } from './src/project.js';
import { encodeDbf } from './src/shapefile/dbf.js';
import { writeShapefile } from './src/shapefile.js';
import { freshFolder } from './test-support/folder.js';
import { describeWithPython, readWithPython } from './test-support/python.js';

interface Read {
  type: string;
  box: number[];
  fields: [string, string, number, number][];
  shapes: {
    box: number[];
    parts: number[];
    points: Position[];
    clockwise: boolean[];
    geojson: { type: string };
  }[];
  records: Record<string, string | number | boolean | null>[];
}
const READ = `
import sys, json, shapefile
with shapefile.Reader(sys.argv[1]) as file:
    shapes = []
    for shape in file.shapes():
        ends = list(shape.parts[1:]) + [len(shape.points)]
        rings = [shape.points[start:end] for start, end in zip(shape.parts, ends)]
        shapes.append(dict(
            box=list(shape.bbox), parts=list(shape.parts), points=[list(point) for point in shape.points],
            clockwise=[not shapefile.signed_area(ring) >= 0 for ring in rings], geojson=shape.__geo_interface__))
    fields = [list(field) for field in file.fields if field[0] != 'DeletionFlag']
    print(json.dumps(dict(
        type=file.shapeTypeName, box=list(file.bbox), fields=fields, shapes=shapes,
        records=[record.as_dict() for record in file.records()]), default=str))
`;

describeWithPython('writeShapefile', () => {
  const folder = freshFolder();
  let project: Project;
  let path: string;
  let read: Read;
  const progress = vi.fn();

  beforeAll(async () => {
    project = await loadProject('highland-land-trust', 'ngara-valley');
    path = await writeShapefile(project, folder, progress);
    read = await readWithPython(READ, join(path, 'locations.shp'));
  });

  it('writes the five files of a shapefile', () => {
    expect(path).toBe(join(folder, 'ngara-valley-shp'));
    expect(readdirSync(path).sort()).toEqual(
      ['cpg', 'dbf', 'prj', 'shp', 'shx'].map((end) => `locations.${end}`),
    );
    expect(readFileSync(join(path, 'locations.prj'), 'utf8')).toContain('GCS_WGS_1984');
    expect(progress.mock.calls.at(-1)).toEqual([5, 5]);
  });

  it('holds every location, in order, within the same box', () => {
    const rings = project.locations.map(({ geometry }) => polygonsOf(geometry).flat());
    expect(read.type).toBe('POLYGON');
    expect(read.shapes).toHaveLength(40);
    expect(read.box).toEqual(boxOf(rings.flat()));
    expect(read.shapes.map(({ box }) => box)).toEqual(rings.map((ring) => boxOf(ring)));
  });

  it('keeps every ring, outer ones clockwise and holes not', () => {
    read.shapes.forEach((shape, index) => {
      const polygons = polygonsOf(project.locations[index]!.geometry);
      expect(shape.clockwise).toEqual(polygons.flatMap((rings) => rings.map((_, ring) => ring === 0)));
      const sorted = (points: readonly Position[]): string[] => points.map(String).sort();
      expect(sorted(shape.points)).toEqual(sorted(polygons.flat(2)));
    });
    // The other reader's own judgement of what is a part and what a hole.
    expect(read.shapes.map(({ geojson }) => geojson.type)).toEqual(
      project.locations.map(({ geometry }) => geometry.type),
    );
  });

  it('can be entered by its index, anywhere', () => {
    const [shp, shx] = ['shp', 'shx'].map((end) => readFileSync(join(path, `locations.${end}`)));
    for (let number = 0; number < 40; number += 1) {
      const offset = shx!.readInt32BE(100 + 8 * number) * 2;
      expect(shp!.readInt32BE(offset)).toBe(number + 1);
      expect(shp!.readInt32BE(offset + 4)).toBe(shx!.readInt32BE(104 + 8 * number));
    }
    expect(shp!.readInt32BE(24) * 2).toBe(shp!.length);
    expect(shx!.readInt32BE(24) * 2).toBe(shx!.length);
  });

  it('holds the attributes by their short names', () => {
    expect(read.fields.map(([name, type]) => [name, type])).toEqual([
      ['id', 'C'],
      ['type', 'C'],
      ['area', 'N'],
      ['parcel_num', 'C'],
      ['land_use', 'C'],
      ['crops', 'C'],
      ['households', 'N'],
      ['water_on_s', 'L'],
      ['surveyed_o', 'C'],
      ['quality_of', 'C'],
    ]);
    project.locations.forEach(({ properties: { id, type, area, attributes } }, index) => {
      expect(read.records[index]).toMatchObject({
        id,
        type,
        area,
        parcel_num: attributes.parcel_number,
        households: attributes.households,
        water_on_s: attributes.water_on_site,
        crops: ((attributes.crops as string[] | undefined) ?? []).join(', '),
      });
    });
  });

  it('writes a project without locations', async () => {
    const empty = await writeShapefile({ ...project, projectSlug: 'empty', locations: [] }, folder);
    const code = 'import sys, shapefile; print(len(shapefile.Reader(sys.argv[1])))';
    expect(await readWithPython(code, join(empty, 'locations.shp'))).toBe(0);
  });
});

describeWithPython('encodeDbf', () => {
  const READ_TABLE = `
import sys, json, io, base64, shapefile
file = shapefile.Reader(dbf=io.BytesIO(base64.b64decode(sys.argv[1])), encoding='utf-8')
print(json.dumps(dict(fields=[f[0] for f in file.fields if f[0] != 'DeletionFlag'], rows=[list(r) for r in file.records()])))
`;
  const table = (names: string[], rows: (string | number | boolean | null)[][]) =>
    readWithPython<{ fields: string[]; rows: unknown[][] }>(
      READ_TABLE,
      encodeDbf(names, rows, new Date(Date.UTC(2026, 1, 3))).toString('base64'),
    );

  it('tells apart names that are equal when cut', async () => {
    const { fields } = await table(
      ['boundary_north', 'boundary_south', 'Boundary_n', 'café', ''],
      [[1, 2, 3, 4, 5]],
    );
    expect(fields).toEqual(['boundary_n', 'boundary_s', 'Boundary_1', 'caf_', '_']);
  });

  it('keeps numbers, truth and nothing', async () => {
    const rows = [
      [-5, 0.125, true, null],
      [1e9, -12.5, null, null],
      [null, null, false, null],
    ];
    expect((await table(['a', 'b', 'c', 'd'], rows)).rows).toEqual([
      [-5, 0.125, true, ''],
      [1_000_000_000, -12.5, null, ''],
      [null, null, false, ''],
    ]);
  });

  it('writes as text what fits no number, and cuts long texts between characters', async () => {
    const { rows } = await table(
      ['a', 'b'],
      [
        [1e300, 'ū'.repeat(200)],
        ['x', `a${'ū'.repeat(200)}`],
      ],
    );
    expect(rows).toEqual([
      ['1e+300', 'ū'.repeat(127)],
      ['x', `a${'ū'.repeat(126)}`],
    ]);
  });
});
