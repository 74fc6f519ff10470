import { type Box, boxOf, polygonsOf, signedArea } from '../geometry.js';
import type { Geometry, Ring } from '../project.js';

/** The shape type of polygons in the ESRI Shapefile Technical Description (July 1998). */
const POLYGON = 5;
const HEADER_BYTES = 100;

/** Lengths and offsets in the main and index files are counted in 16-bit words. */
const words = (bytes: number): number => bytes / 2;

function header(bytes: number, box: Box): Buffer {
  const buffer = Buffer.alloc(HEADER_BYTES);
  buffer.writeInt32BE(9994, 0);
  buffer.writeInt32BE(words(bytes), 24);
  buffer.writeInt32LE(1000, 28);
  buffer.writeInt32LE(POLYGON, 32);
  writeBox(buffer, box, 36);
  return buffer;
}

const writeBox = (buffer: Buffer, box: Box, at: number): void =>
  box.forEach((side, index) => void buffer.writeDoubleLE(side, at + 8 * index));

/** Outer rings run clockwise and holes counter-clockwise: the other way round than in GeoJSON. */
function orient(ring: Ring, outer: boolean): Ring {
  return signedArea(ring) < 0 === outer ? ring : [...ring].reverse();
}

function polygonRecord(geometry: Geometry): Buffer {
  const rings = polygonsOf(geometry).flatMap((polygon) =>
    polygon.map((ring, index) => orient(ring, index === 0)),
  );
  const points = rings.flat();
  const record = Buffer.alloc(44 + 4 * rings.length + 16 * points.length);
  record.writeInt32LE(POLYGON, 0);
  writeBox(record, boxOf(rings), 4);
  record.writeInt32LE(rings.length, 36);
  record.writeInt32LE(points.length, 40);
  let first = 0;
  rings.forEach((ring, index) => {
    record.writeInt32LE(first, 44 + 4 * index);
    first += ring.length;
  });
  const start = 44 + 4 * rings.length;
  points.forEach(([x, y], index) => {
    record.writeDoubleLE(x, start + 16 * index);
    record.writeDoubleLE(y, start + 16 * index + 8);
  });
  return record;
}

function pair(first: number, second: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeInt32BE(first, 0);
  buffer.writeInt32BE(second, 4);
  return buffer;
}

/** The main file (.shp) and its index (.shx), one record for each geometry. */
export function encodePolygons(geometries: readonly Geometry[]): {
  readonly shp: Buffer;
  readonly shx: Buffer;
} {
  const main: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = HEADER_BYTES;
  geometries.forEach((geometry, number) => {
    const record = polygonRecord(geometry);
    main.push(pair(number + 1, words(record.length)), record);
    index.push(pair(words(offset), words(record.length)));
    offset += 8 + record.length;
  });
  const box: Box =
    geometries.length === 0
      ? [0, 0, 0, 0]
      : boxOf(geometries.flatMap((geometry) => polygonsOf(geometry).flat()));
  return {
    shp: Buffer.concat([header(offset, box), ...main]),
    shx: Buffer.concat([header(HEADER_BYTES + 8 * index.length, box), ...index]),
  };
}
