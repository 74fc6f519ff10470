import { listTasks, type TaskFilter, type TaskSummary } from '../../platform/index.js';
import type { Principal } from '../auth/principal.js';
import { Privacy } from '../routes/privacy.js';
import type { Services } from '../services.js';
import { csvRow } from './csv.js';

const PAGE = 500;
const COLUMNS = [
  'id',
  'name',
  'state',
  'phase',
  'created',
  'started',
  'done',
  'waitMs',
  'runMs',
  'retries',
  'queue',
  'worker',
  'parentId',
  'rootId',
  'creatorId',
  'relatedObjectId',
  'isResult',
  'args',
  'kwargs',
  'error',
] as const satisfies readonly (keyof TaskSummary)[];

export interface ExportOptions {
  readonly format: 'csv' | 'ndjson';
  /** A byte order mark first. */
  readonly bom?: boolean;
}

/** All tasks that fit, newest first, read page by page as fast as they are taken: what leaves is all that is held. */
export function exportTasks(
  services: Services,
  who: Principal,
  filter: TaskFilter,
  { format, bom = false }: ExportOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const privacy = new Privacy(services, who);
  const pages = pagesOf(services, filter);
  const line = format === 'csv' ? csvLine : (task: TaskSummary): string => `${JSON.stringify(task)}\n`;
  let head = format === 'csv' ? `${bom ? '\uFEFF' : ''}${csvRow(COLUMNS)}` : '';
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await pages.next();
      if (done === true) {
        if (head !== '') controller.enqueue(encoder.encode(head));
        controller.close();
        return;
      }
      const text = head + privacy.found(value, filter).map(line).join('');
      head = '';
      // A page of nothing visible must still move the stream on.
      controller.enqueue(encoder.encode(text));
    },
    cancel: async () => {
      await pages.return(undefined);
    },
  });
}

const csvLine = (task: TaskSummary): string => csvRow(COLUMNS.map((column) => task[column]));

async function* pagesOf(
  { database }: Services,
  filter: TaskFilter,
): AsyncGenerator<readonly TaskSummary[], void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await listTasks(database, {
      ...filter,
      sort: 'created',
      order: 'desc',
      limit: PAGE,
      cursor,
    });
    yield page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
