import type * as canvas from '../../../src/canvas/index.js';
import type * as library from '../../../src/index.js';
import type { Celery } from '../../../src/index.js';
import type { PoolName } from '../../../src/worker/index.js';

/** What a case has of this package. */
export interface Library extends Pick<typeof library, 'Celery' | 'createWorker'> {
  readonly applySignature: typeof canvas.applySignature;
  /** Defines the tasks of the cases, which meet their case at that port. */
  defineTasks(app: Celery, port: number): void;
}

interface Tasks {
  defineTasks(app: Celery, library: object, meeting: unknown): void;
}

const opened = new Map<string, Promise<Library>>();

/** The package as its sources, or as it is built where threads and processes load it too: both sides are one copy. */
export function libraryFor(pool: PoolName): Promise<Library> {
  const folder = pool === 'threads' || pool === 'prefork' ? 'dist' : 'src';
  const known = opened.get(folder) ?? open(folder);
  opened.set(folder, known);
  return known;
}

async function open(folder: 'dist' | 'src'): Promise<Library> {
  const load = async <T>(path: string): Promise<T> =>
    (await import(new URL(path, import.meta.url).href)) as T;
  const [main, { applySignature }, tasks, { meetingAt }] = await Promise.all([
    load<typeof library>(`../../../${folder}/index.js`),
    load<typeof canvas>(`../../../${folder}/canvas/index.js`),
    load<Tasks>('./tasks/tasks.mjs'),
    load<{ meetingAt: (port: number) => unknown }>('./tasks/meeting.mjs'),
  ]);
  const { Celery, createWorker } = main;
  return {
    Celery,
    createWorker,
    applySignature,
    defineTasks: (app, port) => tasks.defineTasks(app, main, meetingAt(port)),
  };
}
