import { z } from 'zod';
import { messageOf, ToolboxError } from '../../base/index.js';
import { CATCH_UP, type Entry } from './entry.js';
import { readSchedule } from './read-schedule.js';

const list = z.array(z.unknown(), 'expected a list');
const mapping = z.record(z.string(), z.unknown(), 'expected an object');

const shape = z.strictObject(
  {
    task: z.string('expected the name of a task').min(1, 'expected the name of a task'),
    schedule: z.unknown().optional(),
    args: list.nullish(),
    kwargs: mapping.nullish(),
    options: mapping.nullish(),
    relative: z.boolean('expected true or false').nullish(),
    enabled: z.boolean('expected true or false').nullish(),
    catch_up: z.enum(CATCH_UP, `expected one of ${CATCH_UP.join(', ')}`).nullish(),
    starting_deadline: z.number('expected seconds').min(0, 'expected seconds, 0 or more').nullish(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key ${issue.keys.join(', ')}`
        : 'expected an object with task and schedule',
  },
);

/** Checks an entry, as configured or stored. @throws CONFIG_INVALID naming entry and key */
export function readEntry(name: string, given: unknown): Entry {
  const { data, error } = shape.safeParse(given);
  if (error !== undefined) {
    const { path, message } = error.issues[0] ?? { path: [], message: 'cannot be read' };
    throw invalid(name, `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`);
  }
  try {
    return {
      task: data.task,
      schedule: readSchedule(data.schedule, data.relative ?? false),
      args: data.args ?? [],
      kwargs: data.kwargs ?? {},
      options: data.options ?? {},
      enabled: data.enabled ?? true,
      catch_up: data.catch_up ?? 'once',
      starting_deadline: data.starting_deadline ?? null,
    };
  } catch (cause) {
    throw invalid(name, messageOf(cause), cause);
  }
}

const invalid = (name: string, why: string, cause?: unknown): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `beat_schedule: entry ${JSON.stringify(name)}: ${why}`, {
    cause,
    fields: { entry: name },
  });
