import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attributeNames, cellOf } from './columns.js';
import { encodeDbf } from './shapefile/dbf.js';
import { encodePolygons } from './shapefile/records.js';
import type { Writer } from './writer.js';

/** WGS 84, longitude and latitude, as ESRI writes it. */
const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],' +
  'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';

/** A folder `<project>-shp` with the locations as a shapefile: shapes, index, attributes, projection, encoding. */
export const writeShapefile: Writer = async (project, outDir, onProgress = () => {}) => {
  const properties = project.locations.map((location) => location.properties);
  const names = attributeNames(properties);
  const rows = properties.map(({ id, type, area, attributes }) => [
    id,
    type,
    area,
    ...names.map((name) => cellOf(attributes[name])),
  ]);
  const files = {
    ...encodePolygons(project.locations.map(({ geometry }) => geometry)),
    dbf: encodeDbf(['id', 'type', 'area', ...names], rows, new Date()),
    prj: WGS84,
    cpg: 'UTF-8',
  };
  const folder = join(outDir, `${project.projectSlug}-shp`);
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(files);
  for (const [index, [extension, content]] of entries.entries()) {
    await writeFile(join(folder, `locations.${extension}`), content);
    await onProgress(index + 1, entries.length);
  }
  return folder;
};
