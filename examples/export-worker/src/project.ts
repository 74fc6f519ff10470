import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Longitude and latitude in degrees (WGS 84). */
export type Position = [longitude: number, latitude: number];
export type Ring = readonly Position[];

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const ring = z.array(position).min(4);
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }),
]);
const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
const attributes = z.record(z.string(), value);

const locations = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      geometry,
      properties: z.object({ id: z.string(), type: z.string(), area: z.number(), attributes }),
    }),
  ),
});
const parties = z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), attributes }));
const relationships = z.array(
  z.object({
    id: z.string(),
    party: z.string(),
    spatial_unit: z.string(),
    tenure_type: z.string(),
    attributes,
  }),
);
const resources = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    original_file: z.string(),
    file: z.string(),
    mime_type: z.string(),
    links: z.array(
      z.object({ type: z.enum(['locations', 'parties', 'tenurerelationship']), id: z.string() }),
    ),
  }),
);
const about = z.object({ name: z.string(), description: z.string(), country: z.string() });

export type Attributes = z.infer<typeof attributes>;
export type AttributeValue = z.infer<typeof value>;
export type Geometry = z.infer<typeof geometry>;
/** A parcel, or another piece of land: a GeoJSON feature. */
export type Location = z.infer<typeof locations>['features'][number];
export type Party = z.infer<typeof parties>[number];
export type Relationship = z.infer<typeof relationships>[number];
/** A file that people attached to locations, parties or relationships. `file` is its path. */
export type Resource = z.infer<typeof resources>[number];

/** All records of a project, as an export needs them. */
export interface Project extends z.infer<typeof about> {
  readonly orgSlug: string;
  readonly projectSlug: string;
  readonly locations: readonly Location[];
  readonly parties: readonly Party[];
  readonly relationships: readonly Relationship[];
  readonly resources: readonly Resource[];
}

/** The projects of this example: `<organization>/<project>` folders. */
export const DATA = join(dirname(fileURLToPath(import.meta.url)), '..', 'data');

async function read<T>(schema: z.ZodType<T>, ...path: string[]): Promise<T> {
  const file = join(...path);
  const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} does not hold what it should:\n${z.prettifyError(parsed.error)}`);
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

async function knownProjects(data: string): Promise<string> {
  const orgs = await foldersIn(data);
  const all = await Promise.all(
    orgs.map(async (org) => (await foldersIn(join(data, org))).map((name) => `${org}/${name}`)),
  );
  return all.flat().join(', ') || 'none';
}

/**
 * Reads a project with all its records.
 *
 * @throws Error when there is no such project (the message names those there are), or when a file of it is broken.
 */
export async function loadProject(orgSlug: string, projectSlug: string, data = DATA): Promise<Project> {
  const folder = join(data, orgSlug, projectSlug);
  const known =
    SLUG.test(orgSlug) &&
    SLUG.test(projectSlug) &&
    (await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (!known) {
    throw new Error(`No project ${orgSlug}/${projectSlug}. There are: ${await knownProjects(data)}`);
  }
  const files = await read(resources, folder, 'resources.json');
  return {
    orgSlug,
    projectSlug,
    ...(await read(about, folder, 'project.json')),
    locations: (await read(locations, folder, 'locations.geojson')).features,
    parties: await read(parties, folder, 'parties.json'),
    relationships: await read(relationships, folder, 'relationships.json'),
    resources: files.map((resource) => ({ ...resource, file: join(folder, 'files', resource.file) })),
  };
}
