import type { Geometry, Ring } from './project.js';

/** The signed area of a ring in square degrees, positive when counter-clockwise. */
export function signedArea(ring: Ring): number {
  return ring.reduce((sum, [x1, y1], index) => {
    const [x2, y2] = ring[(index + 1) % ring.length] ?? [x1, y1];
    return sum + (x1 * y2 - x2 * y1) / 2;
  }, 0);
}

/** The polygons of a geometry, each a list of rings: the outer one, then the holes. */
export const polygonsOf = (geometry: Geometry): readonly (readonly Ring[])[] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;

/** Smallest and largest longitude and latitude: west, south, east, north. */
export type Box = readonly [number, number, number, number];

export function boxOf(rings: readonly Ring[]): Box {
  const positions = rings.flat();
  const xs = positions.map(([x]) => x);
  const ys = positions.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Well-known text, as spreadsheets of the platform hold geometries. */
export function toWkt(geometry: Geometry): string {
  const polygons = polygonsOf(geometry).map((rings) => {
    const texts = rings.map((ring) => `(${ring.map(([x, y]) => `${x} ${y}`).join(', ')})`);
    return `(${texts.join(', ')})`;
  });
  return geometry.type === 'Polygon'
    ? `POLYGON ${polygons.join('')}`
    : `MULTIPOLYGON (${polygons.join(', ')})`;
}
