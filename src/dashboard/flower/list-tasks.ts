import { hasCode, messageOf } from '../../base/index.js';
import { listTasks, type TaskListQuery, type TaskSummary, views } from '../../platform/index.js';
import { Privacy } from '../routes/privacy.js';
import { type FlowerRequest, flowerError, flowerJson } from './flower-request.js';
import { flowerTask } from './flower-task.js';

const SORTS = { name: 'name', state: 'created', received: 'created', started: 'created' } as const;
const PAGE = 500;
/** Flower answers with all it has; we have more. */
const USUAL_LIMIT = 1000;
const MOST = 10_000;

/** `GET /api/tasks`: an object by id, in order. Past its limit a header says where the API of ours goes on. */
export async function listFlowerTasks(request: FlowerRequest): Promise<Response> {
  const sortBy = request.text('sort_by');
  const key = sortBy?.replace(/^-/, '');
  if (key !== undefined && !isSort(key))
    throw flowerError(
      400,
      `Invalid sort_by '${sortBy}', expected one of ${Object.keys(SORTS).sort().join(', ')}`,
    );
  const limit = Math.min(request.number('limit', true) ?? USUAL_LIMIT, MOST);
  const offset = Math.min(Math.max(request.number('offset', true) ?? 0, 0), MOST);
  const all = (name: string): string | undefined =>
    request.text(name) === 'All' ? undefined : request.text(name);
  const query = views.taskListQuery.safeParse({
    sort: SORTS[key ?? 'received'],
    order: sortBy !== undefined && !sortBy.startsWith('-') ? 'asc' : 'desc',
    worker: all('workername'),
    type: all('taskname'),
    state: all('state'),
    from: minute(request.text('received_start')),
    to: minute(request.text('received_end')),
    q: request.text('search'),
  });
  if (query.data === undefined) throw flowerError(400, query.error.issues[0]?.message ?? 'invalid arguments');
  try {
    const { items, next } = await take(request, query.data, offset, limit);
    const shown = new Privacy(request.services, request.who).found(items, query.data);
    if (key === 'state')
      shown.sort((a, b) => a.state.localeCompare(b.state) * (sortBy?.startsWith('-') ? -1 : 1));
    const byId = Object.fromEntries(shown.map((task) => [task.id, flowerTask(task)]));
    return flowerJson(byId, next === null ? {} : { 'x-next-cursor': next });
  } catch (error) {
    if (!hasCode(error, 'CONFIG_INVALID')) throw error;
    return new Response(JSON.stringify({ error: messageOf(error) }), {
      status: 400,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
    });
  }
}

/** Pages are read one after the other: an offset is Flower's way, not the database's. */
async function take(
  { services: { database } }: FlowerRequest,
  query: TaskListQuery,
  offset: number,
  limit: number,
): Promise<{ items: TaskSummary[]; next: string | null }> {
  const found: TaskSummary[] = [];
  let cursor: string | undefined;
  do {
    const left = offset + limit - found.length;
    const page = await listTasks(database, { ...query, limit: Math.min(PAGE, Math.max(left, 1)), cursor });
    found.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && found.length < offset + limit);
  return { items: found.slice(offset, offset + limit), next: cursor ?? null };
}

const isSort = (text: string): text is keyof typeof SORTS => Object.hasOwn(SORTS, text);

function minute(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(text) || Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`)))
    throw flowerError(400, "Invalid received_start or received_end, expected format 'YYYY-MM-DD HH:MM'");
  return `${text.replace(' ', 'T')}:00Z`;
}
