import type { Location, Party, Relationship } from '../src/project.js';
import type { Random } from './random.js';

const FIRST = [
  'Amina',
  'Barasa',
  'Chebet',
  'Daudi',
  'Esther',
  'Faraji',
  'Grace',
  'Hamisi',
  'Imani',
  'Juma',
  'Kemunto',
  'Lulu',
];
const LAST = [
  'Achieng',
  'Barongo',
  'Cherono',
  'Kamau',
  'Kiptoo',
  'Mwangi',
  'Njeri',
  'Odhiambo',
  'Wanjikū',
  'Zawadi',
];
const GROUPS = [
  'Ngara Valley Coffee Growers',
  'Family of the late Josiah Kamau',
  'Women of the Eastern Spring',
  'St. Brigid’s Parish',
  'Herders of the Upper Meadow',
];
const COMPANIES = ['Ngara Dairy Ltd', 'Highland Seed & Tool Co.', 'County Water Office'];

export function makeParties(random: Random): Party[] {
  const names = new Set<string>();
  while (names.size < 22) names.add(`${random.pick(FIRST)} ${random.pick(LAST)}`);
  const person = (name: string): Party => ({
    id: random.id(),
    name,
    type: 'IN',
    attributes: {
      gender: random.pick(['female', 'male']),
      born: Math.floor(random.between(1941, 2004)),
      phone: random.next() < 0.7 ? `+999 700 ${String(Math.floor(random.between(100000, 999999)))}` : null,
    },
  });
  const body =
    (type: string) =>
    (name: string): Party => ({
      id: random.id(),
      name,
      type,
      attributes: { members: Math.floor(random.between(3, 60)) },
    });
  return [...[...names].map(person), ...GROUPS.map(body('GR')), ...COMPANIES.map(body('CO'))];
}

/** Customary, freehold, leasehold, joint, occupancy, and use of water. */
const TENURES = ['CU', 'CU', 'CU', 'FH', 'FH', 'LH', 'JT', 'OC'];
const PAPERS = ['title deed', 'sale agreement', 'letter of allotment', 'witness statement', 'tax receipt'];

/** One for each location, and five more where two have a say. */
export function makeRelationships(
  random: Random,
  locations: readonly Location[],
  parties: readonly Party[],
): Relationship[] {
  const shared = [3, 11, 18, 26, 33].map((index) => locations[index] as Location);
  return [...locations, ...shared].map((location, number): Relationship => {
    const more = number >= locations.length;
    return {
      id: random.id(),
      party: random.pick(parties).id,
      spatial_unit: location.properties.id,
      tenure_type: more ? 'WR' : random.pick(TENURES),
      attributes: {
        since: Math.floor(random.between(1962, 2024)),
        share: more ? 0.5 : 1,
        papers: [...new Set([random.pick(PAPERS), random.pick(PAPERS)])],
        acquired_by: random.pick(['inheritance', 'purchase', 'allotment', 'gift']),
      },
    };
  });
}
