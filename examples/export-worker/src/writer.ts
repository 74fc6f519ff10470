import type { Project } from './project.js';

/** Called after each piece of work, and waited for: how much is done, of how much. */
export type OnProgress = (done: number, total: number) => void | Promise<void>;

/** Writes one kind of export into `outDir` and gives the path of the file or folder it made. */
export type Writer = (project: Project, outDir: string, onProgress?: OnProgress) => Promise<string>;
