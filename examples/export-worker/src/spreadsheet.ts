import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeXlsxFile, { type Cell, type Sheet } from 'write-excel-file/node';
import { attributeNames, cellOf, linkedIds } from './columns.js';
import { toWkt } from './geometry.js';
import type { Attributes, Project } from './project.js';
import type { Writer } from './writer.js';

/** Excel opens no file with a longer text in a cell. */
const LONGEST_TEXT = 32_767;

type Value = string | number | boolean | null;
interface Table {
  readonly name: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

function cell(value: Value): Cell {
  if (typeof value !== 'string') return value;
  if (value.length <= LONGEST_TEXT) return value;
  return `(${value.length} characters: too long for a spreadsheet)`;
}

/** One row for each record: its own columns, then those of the attributes that any record has. */
function table<R>(
  name: string,
  records: readonly R[],
  columns: Readonly<Record<string, (record: R) => Value>>,
  attributesOf: (record: R) => Attributes = () => ({}),
): Table {
  const names = attributeNames(records.map((record) => ({ attributes: attributesOf(record) })));
  return {
    name,
    headers: [...Object.keys(columns), ...names],
    rows: records.map((record) => [
      ...Object.values(columns).map((read) => read(record)),
      ...names.map((attribute) => cellOf(attributesOf(record)[attribute])),
    ]),
  };
}

function tablesOf(project: Project): readonly Table[] {
  return [
    table(
      'locations',
      project.locations,
      {
        id: ({ properties }) => properties.id,
        'geometry.ewkt': ({ geometry }) => toWkt(geometry),
        type: ({ properties }) => properties.type,
        area: ({ properties }) => properties.area,
      },
      ({ properties }) => properties.attributes,
    ),
    table(
      'parties',
      project.parties,
      { id: ({ id }) => id, name: ({ name }) => name, type: ({ type }) => type },
      ({ attributes }) => attributes,
    ),
    table(
      'relationships',
      project.relationships,
      {
        id: ({ id }) => id,
        party_id: ({ party }) => party,
        spatial_unit_id: (relationship) => relationship.spatial_unit,
        tenure_type: (relationship) => relationship.tenure_type,
      },
      ({ attributes }) => attributes,
    ),
    table('resources', project.resources, {
      id: ({ id }) => id,
      name: ({ name }) => name,
      description: ({ description }) => description,
      original_file: (resource) => resource.original_file,
      locations: (resource) => linkedIds(resource, 'locations'),
      parties: (resource) => linkedIds(resource, 'parties'),
      'tenure relationship': (resource) => linkedIds(resource, 'tenurerelationship'),
    }),
  ];
}

/** A workbook with the sheets locations, parties, relationships and resources: `<project>.xlsx`. */
export const writeSpreadsheet: Writer = async (project, outDir, onProgress = () => {}) => {
  const tables = tablesOf(project);
  const total = tables.length + 1;
  const sheets: Sheet<Buffer>[] = [];
  for (const [index, { name, headers, rows }] of tables.entries()) {
    const heading: Cell[] = headers.map((header) => ({ value: header, fontWeight: 'bold' }));
    await onProgress(index + 1, total);
    sheets.push({ sheet: name, data: [heading, ...rows.map((row) => row.map(cell))], stickyRowsCount: 1 });
  }
  await mkdir(outDir, { recursive: true });
  const path = join(outDir, `${project.projectSlug}.xlsx`);
  await writeXlsxFile(sheets).toFile(path);
  await onProgress(total, total);
  return path;
};
