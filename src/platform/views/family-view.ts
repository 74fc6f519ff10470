import { z } from 'zod';
import { moment, name } from './moment.js';
import { phase } from './task-view.js';

/** A task of a family, or (`size` over 1) siblings of one name shown as one. */
export const familyNode = z.object({
  id: z.string(),
  name,
  parentId: z.string().nullable(),
  phase,
  state: z.string(),
  size: z.int().positive(),
  /** Of the tasks gathered in the node, by phase. */
  phases: z.partialRecord(phase, z.int()),
  created: moment,
  started: moment.nullable(),
  done: moment.nullable(),
  retries: z.int(),
  isResult: z.boolean(),
  /** On the chain of tasks that decided when the family ended. */
  critical: z.boolean(),
});
export type FamilyNode = z.infer<typeof familyNode>;

export const familyView = z.object({
  rootId: z.string(),
  size: z.int(),
  ended: z.int(),
  /** By our rule, and by the Cadasta platform's (which knows no REVOKED family). */
  state: z.string(),
  platformState: z.string(),
  /** Above 300 tasks siblings of one name are gathered; failed branches come first. */
  collapsed: z.boolean(),
  nodes: z.array(familyNode),
  /** Tasks marked `is_result`. */
  results: z.array(z.object({ id: z.string(), name, state: z.string() })),
});
export type FamilyView = z.infer<typeof familyView>;
