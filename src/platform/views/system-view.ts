import { z } from 'zod';
import { moment } from './moment.js';

/** What the installation is made of. Secrets are masked. */
export const systemView = z.object({
  version: z.string(),
  started: moment,
  app: z.string(),
  /** The servers in use, addresses with passwords masked; `problem` is why one does not answer. */
  servers: z.array(
    z.object({
      role: z.enum(['broker', 'results', 'database']),
      url: z.string(),
      version: z.string().nullable(),
      problem: z.string().nullable(),
    }),
  ),
  /** Migrations of our schema: the last one applied, and those still missing. */
  schema: z.object({ applied: z.string().nullable(), missing: z.array(z.string()) }),
  /** What `workertoolbox check` finds. */
  checks: z.array(
    z.object({ name: z.string(), outcome: z.enum(['ok', 'warning', 'problem']), message: z.string() }),
  ),
  settings: z.record(z.string(), z.unknown()),
  /** Of Node and the packages in use. */
  versions: z.record(z.string(), z.string()),
});
export type SystemView = z.infer<typeof systemView>;
