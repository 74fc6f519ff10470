import type { Database } from '../store/database.js';
import type { TaskFilter, TaskSummary } from '../views/index.js';
import { listTasks } from './list-tasks.js';
import type { QuestionOptions } from './question.js';

const PAGE = 500;

/** All tasks of a filter, newest first, read page by page: what is exported is never in memory as a whole, and holds no transaction open. */
export async function* exportTasks(
  database: Database,
  filter: TaskFilter,
  options: QuestionOptions = {},
): AsyncGenerator<TaskSummary, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await listTasks(
      database,
      { ...filter, sort: 'created', order: 'desc', limit: PAGE, ...(cursor !== undefined && { cursor }) },
      options,
    );
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
