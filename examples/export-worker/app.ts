import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Celery, Config, chord, extractFollowups, type TaskContext } from 'cadasta-workertoolbox';
import { z } from 'zod';
import { OUTPUT_TYPES, partsOf, WRITERS } from './src/outputs.js';
import { progressOf } from './src/progress.js';
import { loadProject } from './src/project.js';
import { writeZip } from './src/zip.js';

export const app = new Celery('export').configFromObject(new Config({ QUEUES: ['msg', 'export'] }));

/** Where exports are written; each has a folder of its own, named by the id of its first task. */
const folderOf = ({ rootId }: TaskContext): string => resolve(process.env.EXPORT_DIR ?? 'exports', rootId);

/** Slows the writing down, so that one can watch it: milliseconds for each record. */
const PACE_MS = Number(process.env.EXPORT_PACE_MS ?? 0);

const request = z.object({ org_slug: z.string(), project_slug: z.string(), api_key: z.string() });

/** Exports a project: one task for each part, then one that packs them. */
export const exportProject = app.task(
  'export.project',
  {
    bind: true,
    input: request.extend({ output_type: z.enum(OUTPUT_TYPES) }),
    redact: ['api_key'],
    timeLimit: 600,
    softTimeLimit: 540,
  },
  async (task, { output_type, ...project }) => {
    const header = partsOf(output_type).map((part) => exportPart.s({ ...project, part }));
    const body = createResult.si(project).set({ ...extractFollowups(task), is_result: true });
    await chord(header)(body);
    return true;
  },
);

/** Writes one part of an export and returns its path. */
export const exportPart = app.task(
  'export.part',
  {
    bind: true,
    input: request.extend({ part: z.enum(['shp', 'xls', 'res']) }),
    redact: ['api_key'],
    timeLimit: 600,
  },
  async (task, { org_slug, project_slug, part }) => {
    const project = await loadProject(org_slug, project_slug);
    const folder = join(folderOf(task), part);
    await mkdir(folder, { recursive: true });
    return WRITERS[part](project, folder, progressOf(task, PACE_MS));
  },
);

/** Packs the parts into one archive and returns its path. */
export const createResult = app.task(
  'export.create_result',
  { bind: true, input: request, redact: ['api_key'], timeLimit: 600 },
  async (task, { project_slug }) => {
    const folder = folderOf(task);
    const written = await Promise.all(partsOf('all').map((part) => filesIn(join(folder, part))));
    return writeZip(written.flat(), join(folder, `${project_slug}.zip`), progressOf(task, PACE_MS));
  },
);

/** The files and folders in a part's folder; none when that part was not asked for. */
async function filesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names.sort().map((name) => join(folder, name));
}
