import { z } from 'zod';
import { ToolboxError } from '../../base/index.js';
import type { ActionName } from '../views/index.js';

const none = z.object({});
const edits = {
  args: z.array(z.unknown()).optional(),
  kwargs: z.record(z.string(), z.unknown()).optional(),
};
const whole = z.int().positive().max(10_000);
const seconds = z.number().positive().nullable();

/** What an action is told besides its targets. */
export const ACTION_PARAMETERS = {
  'task.retry': z.object({ mode: z.enum(['same', 'new']).default('same'), ...edits }),
  'task.revoke': none,
  'task.terminate': z.object({ signal: z.string().max(20).optional(), confirm: z.string() }),
  'quarantine.replay': z.object({
    edits: z
      .object({
        ...edits,
        headers: z.record(z.string(), z.unknown()).optional(),
        body: z.string().optional(),
      })
      .optional(),
  }),
  'quarantine.discard': z.object({ note: z.string().trim().min(1).max(2000) }),
  'queue.pause': none,
  'queue.resume': none,
  'queue.purge': z.object({ confirm: z.string() }),
  'worker.drain': none,
  'worker.shutdown': none,
  'worker.pool': z.union([
    z.object({ grow: whole }),
    z.object({ shrink: whole }),
    z.object({ autoscale: z.object({ max: whole, min: z.int().nonnegative() }) }),
    z.object({ restart: z.literal(true) }),
  ]),
  'worker.consumer': z.union([z.object({ add: z.string() }), z.object({ cancel: z.string() })]),
  'worker.rate-limit': z.object({ task: z.string(), rate: z.union([z.string(), z.number()]) }),
  'worker.time-limit': z.object({ task: z.string(), soft: seconds.optional(), hard: seconds.optional() }),
  'schedule.trigger': none,
  'schedule.pause': none,
  'schedule.resume': none,
} as const satisfies Record<ActionName, z.ZodType>;

export type ParametersOf<A extends ActionName> = z.output<(typeof ACTION_PARAMETERS)[A]>;

/** @throws CONFIG_INVALID naming what is wrong. */
export function readParameters<A extends ActionName>(action: A, given: unknown): ParametersOf<A> {
  const { data, error } = ACTION_PARAMETERS[action].safeParse(given ?? {});
  if (error === undefined) return data as ParametersOf<A>;
  const { path, message } = error.issues[0] ?? { path: [], message: 'cannot be read' };
  throw new ToolboxError('CONFIG_INVALID', `${action}: ${path.join('.') || 'parameters'}: ${message}`, {
    fields: { key: path.join('.') },
  });
}
