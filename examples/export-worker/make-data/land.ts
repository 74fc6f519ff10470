import { signedArea } from '../src/geometry.js';
import type { Geometry, Location, Position } from '../src/project.js';
import type { Random } from './random.js';

const COLUMNS = 8;
const ROWS = 5;
const WEST = 36.6124;
const SOUTH = -1.0871;
/** About 90 by 70 metres. */
const CELL = { x: 0.00081, y: 0.00063 };
const METRES_PER_DEGREE = 111_320;

const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;
const close = (corners: readonly Position[]): Position[] => [...corners, corners[0] as Position];

function squareMetres(geometry: Geometry): number {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  // Outer rings count, holes take away: their signs differ.
  const degrees = polygons.flat().reduce((sum, ring) => sum + signedArea(ring), 0);
  return Math.round(degrees * METRES_PER_DEGREE ** 2 * Math.cos((SOUTH * Math.PI) / 180) * 10) / 10;
}

/** The corners where parcels meet, each moved a little, so that neighbours share them exactly. */
function corners(random: Random): Position[][] {
  return Array.from({ length: ROWS + 1 }, (_, row) =>
    Array.from({ length: COLUMNS + 1 }, (_, column): Position => {
      const x = WEST + (column + random.between(-0.18, 0.18) + 0.12 * Math.sin(row)) * CELL.x;
      const y = SOUTH + (row + random.between(-0.18, 0.18) + 0.1 * Math.sin(column)) * CELL.y;
      return [round(x), round(y)];
    }),
  );
}

/** A point of the quadrilateral: `u` along its south and north side, `v` from south to north. */
function within([a, b, c, d]: readonly Position[], u: number, v: number): Position {
  const mix = (from: number, to: number, part: number): number => from + (to - from) * part;
  const [p, q, r, s] = [a, b, c, d] as [Position, Position, Position, Position];
  return [
    round(mix(mix(p[0], q[0], u), mix(s[0], r[0], u), v)),
    round(mix(mix(p[1], q[1], u), mix(s[1], r[1], u), v)),
  ];
}

function shape(quad: readonly Position[], number: number): Geometry {
  const at = (u: number, v: number): Position => within(quad, u, v);
  if (number % 13 === 5) {
    // A pond that belongs to nobody: a hole, clockwise.
    const pond = close([at(0.4, 0.4), at(0.42, 0.58), at(0.56, 0.62), at(0.6, 0.45)]);
    return { type: 'Polygon', coordinates: [close(quad), pond] };
  }
  if (number % 17 === 9) {
    // A track cuts the parcel in two.
    const west = close([at(0, 0), at(0.46, 0), at(0.44, 1), at(0, 1)]);
    const east = close([at(0.52, 0), at(1, 0), at(1, 1), at(0.5, 1)]);
    return { type: 'MultiPolygon', coordinates: [[west], [east]] };
  }
  // Beacons halfway along the northern side, as surveyors leave them.
  return { type: 'Polygon', coordinates: [close([at(0, 0), at(1, 0), at(1, 1), at(0.5, 1), at(0, 1)])] };
}

const USES = ['residential', 'agricultural', 'agricultural', 'agricultural', 'grazing', 'mixed'];
const CROPS = ['maize', 'beans', 'coffee', 'bananas', 'sorghum', 'kale'];

export function makeLocations(random: Random): Location[] {
  const grid = corners(random);
  return Array.from({ length: COLUMNS * ROWS }, (_, number): Location => {
    const [row, column] = [Math.floor(number / COLUMNS), number % COLUMNS];
    const corner = (down: number, along: number): Position => grid[row + down]?.[column + along] as Position;
    const geometry = shape([corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)], number);
    const use = random.pick(USES);
    const id = random.id();
    const planted = use === 'residential' ? [] : [...new Set([random.pick(CROPS), random.pick(CROPS)])];
    return {
      type: 'Feature',
      geometry,
      properties: {
        id,
        type: number === 39 ? 'CB' : 'PA',
        area: squareMetres(geometry),
        attributes: {
          parcel_number: `NV/${String(row + 1).padStart(2, '0')}/${String(column + 1).padStart(3, '0')}`,
          land_use: use,
          ...(planted.length > 0 ? { crops: planted } : {}),
          households: use === 'grazing' ? 0 : Math.floor(random.between(1, 5)),
          water_on_site: random.next() < 0.3,
          surveyed_on: `2025-0${Math.floor(random.between(2, 10))}-${10 + Math.floor(random.between(0, 19))}`,
          ...(random.next() < 0.15 ? { quality_of_boundary: 'disputed with the neighbour to the east' } : {}),
        },
      },
    };
  });
}
