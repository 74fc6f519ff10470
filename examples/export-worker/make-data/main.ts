import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA } from '../src/project.js';
import { makeAttachments } from './attachments.js';
import { makeLocations } from './land.js';
import { makeParties, makeRelationships } from './people.js';
import { Random } from './random.js';

/** JSON with one record on each line, so that changes read well. */
function linesOf(value: unknown): string {
  const list = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  if (Array.isArray(value)) return `${list(value)}\n`;
  const fields = Object.entries(value as object).map(
    ([name, item]: [string, unknown]) =>
      `${JSON.stringify(name)}: ${Array.isArray(item) ? list(item) : JSON.stringify(item)}`,
  );
  return `{\n${fields.join(',\n')}\n}\n`;
}

/** Made up, from a seed: no place, person or number in it is real. */
async function makeData(data: string): Promise<void> {
  const random = new Random(20250514);
  const locations = makeLocations(random);
  const parties = makeParties(random);
  const relationships = makeRelationships(random, locations, parties);
  const attachments = makeAttachments(random, { locations, parties, relationships });

  const folder = join(data, 'highland-land-trust', 'ngara-valley');
  await mkdir(join(folder, 'files'), { recursive: true });
  const records = {
    'project.json': {
      name: 'Ngara Valley',
      description: 'Customary rights in the Ngara valley, surveyed with its people in 2025.',
      country: 'KE',
    },
    'locations.geojson': { type: 'FeatureCollection', features: locations },
    'parties.json': parties,
    'relationships.json': relationships,
    'resources.json': attachments.map(({ resource }) => resource),
  };
  for (const [name, value] of Object.entries(records)) {
    await writeFile(join(folder, name), linesOf(value));
  }
  for (const { resource, content } of attachments)
    await writeFile(join(folder, 'files', resource.file), content);
}

// Usage: npx tsx examples/export-worker/make-data/main.ts [folder]
await makeData(process.argv[2] ?? DATA);
