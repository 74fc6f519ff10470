import type { TaskDetail } from '../../platform/index.js';
import type { Celery } from '../../toolbox/index.js';

/** What the app's registry knows of a task's name. */
export const definitionIn =
  (app: Celery | undefined) =>
  (name: string): NonNullable<TaskDetail['definition']> | undefined => {
    const options = app?.tasks.get(name)?.options;
    if (options === undefined) return undefined;
    return {
      signature: `${name}(${options.argNames?.join(', ') ?? '…'})`,
      doc: null,
      idempotent: options.idempotent ?? false,
    };
  };
