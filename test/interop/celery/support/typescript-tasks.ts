import { z } from 'zod';
import type { SignatureData } from '../../../../src/app/index.js';
import { type Celery, chord, extractFollowups, signature, type TaskContext } from '../../../../src/index.js';
import type { Gate } from './gate.js';

/** A failure that chooses what it is in Python. */
class PythonError extends Error {
  readonly excModule = 'builtins';
  readonly excArgs: readonly unknown[];
  constructor(kind: string, args: readonly unknown[]) {
    super(String(args[0]));
    this.name = kind;
    this.excArgs = args;
  }
}

class ExportFailed extends Error {}

/** Errors by Python's names: JavaScript's own where it has one. */
function errorOf(kind: string, args: readonly unknown[]): Error {
  if (kind === 'ExportFailed') return new ExportFailed(String(args[0]));
  if (args.length === 1 && kind === 'ValueError') return new RangeError(String(args[0]));
  if (args.length === 1 && kind === 'TypeError') return new TypeError(String(args[0]));
  return new PythonError(kind, args);
}

function about(task: TaskContext): Record<string, unknown> {
  const { request } = task;
  return {
    lang: 'typescript',
    id: task.id,
    root: task.rootId,
    parent: task.parentId,
    retries: task.retries,
    group: request.groupId,
    group_index: request.groupIndex,
    time: Date.now() / 1000,
    eta: request.eta,
    timelimit: request.timelimit,
    priority: request.deliveryInfo.priority,
    custom: request.customProperties,
    header: request.customHeaders['x_trace'] ?? null,
  };
}

/** The tasks of tasks.py, as a worker in TypeScript has them. */
export function defineTasks(app: Celery, gate: Gate): void {
  app.task('both.hold', async () => {
    await gate.pass();
    return 'typescript';
  });
  for (const prefix of ['ts', 'both']) {
    app.task(`${prefix}.add`, (x: number, y: number) => x + y);
    app.task(`${prefix}.total`, (values: number[]) => values.reduce((sum, value) => sum + value, 0));
    app.task(`${prefix}.echo`, (value: unknown) => value);
    app.task(`${prefix}.silent`, { ignoreResult: true }, (value: unknown) => value);
    app.task(`${prefix}.fail`, (kind: string, ...args: unknown[]) => {
      throw errorOf(kind, args);
    });
    app.task(`${prefix}.about`, { bind: true }, about);
    app.task(
      `${prefix}.flaky`,
      { bind: true },
      (task: TaskContext, times: number, countdown: number = 0, kind: string = 'ValueError') => {
        if (task.retries < times) {
          task.retry({ countdown, error: errorOf(kind, ['attempt', task.retries + 1]) });
        }
        return about(task);
      },
    );
    app.task(`${prefix}.swap`, { bind: true }, (task: TaskContext, sig: SignatureData) => task.replace(sig));
    app.task(
      `${prefix}.project`,
      {
        input: z.object({
          org_slug: z.string(),
          project_slug: z.string(),
          output_type: z.string().default('all'),
        }),
      },
      ({ org_slug, project_slug, output_type }) => [org_slug, project_slug, output_type],
    );
    app.task(
      `${prefix}.export`,
      { bind: true },
      async (task: TaskContext, numbers: number[], parts: string, result: string) => {
        const header = numbers.map((number) => signature(app, `${parts}.add`, { args: [number, number] }));
        const body = signature(app, `${result}.echo`, { args: ['zipped'], immutable: true });
        await chord(header)(body.set({ ...extractFollowups(task), is_result: true }));
        return true;
      },
    );
  }
}
