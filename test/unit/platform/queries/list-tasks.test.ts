import { beforeAll, describe, expect, test } from 'vitest';
import { countTasks, listTasks } from '../../../../src/platform/index.js';
import { type TaskListQuery, taskListQuery, taskPage } from '../../../../src/platform/views/index.js';
import { pickleCodec } from '../../../../src/serialization/index.js';
import { failure, type RecordedTask, record } from '../../../support/recorded-tasks.js';
import { FORM_NAMES, tables } from './tables.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
const HOUR = 3600;
const DAY = 24 * HOUR;

const TASKS: readonly RecordedTask[] = [
  {
    id: 'ok',
    created: ago(100),
    status: 'SUCCESS',
    result: 42,
    done: ago(90),
    creator: 1,
    related: 'project-1',
  },
  {
    id: 'bad',
    type: 'export.page',
    created: ago(200),
    root: 'ok',
    parent: 'ok',
    status: 'FAILURE',
    result: failure('ValueError', 'too large', 7),
    traceback: 'Traceback: here',
    done: ago(150),
    args: ['a', 1, null, { deep: [true] }],
    kwargs: { page: 3, api_key: 'hidden' },
    options: { retries: 2 },
  },
  { id: 'runs', created: ago(300), status: 'STARTED', result: { pid: 1, hostname: 'export@host' } },
  { id: 'stuck', created: ago(2 * HOUR), status: 'STARTED', result: { pid: 1, hostname: 'gone@host' } },
  { id: 'again', created: ago(400), status: 'RETRY', result: failure('OSError', 'no route') },
  {
    id: 'revoked',
    created: ago(500),
    status: 'REVOKED',
    result: failure('TaskRevokedError', 'revoked'),
    done: ago(490),
  },
  { id: 'waits', type: 'msg.send', created: ago(50) },
  { id: 'later', type: 'msg.send', created: ago(60), options: { eta: '2026-03-01T14:30:00+02:00' } },
  { id: 'due', type: 'msg.send', created: ago(3 * DAY), options: { eta: '2026-03-01T11:59:30.250000Z' } },
  { id: 'no-time', type: 'msg.send', created: ago(70), options: { eta: '2026-02-30T25:61:00' } },
  { id: 'silent', type: 'msg_.send', created: ago(2 * DAY) },
  { id: 'custom', created: ago(600), status: 'PROGRESS', result: { done: 3 }, options: { is_result: true } },
];

const PHASES = {
  ok: 'succeeded',
  bad: 'failed',
  runs: 'running',
  stuck: 'running',
  again: 'retrying',
  revoked: 'revoked',
  waits: 'queued',
  later: 'scheduled',
  due: 'queued',
  silent: 'unknown',
  custom: 'other',
};

describe.each(FORM_NAMES)('%s', async (form) => {
  const { url, database } = await tables(form);
  const ask = (query: Partial<Record<keyof TaskListQuery, string>>) =>
    listTasks(database, taskListQuery.parse(query), { now: NOW });
  const ids = async (query: Partial<Record<keyof TaskListQuery, string>>) =>
    (await ask(query)).items.map(({ id }) => id);

  beforeAll(() => record(url, TASKS));

  test('every task has the phase that state and time make', async () => {
    const page = await ask({});
    expect(taskPage.parse(page)).toEqual(page);
    expect(page.items).toHaveLength(TASKS.length);
    for (const [id, phase] of Object.entries(PHASES)) {
      expect([id, page.items.find((item) => item.id === id)?.phase]).toEqual([id, phase]);
      expect(await ids({ state: phase })).toContain(id);
    }
    expect(page.items.map(({ created }) => created)).toEqual(
      page.items
        .map(({ created }) => created)
        .toSorted()
        .toReversed(),
    );
  });

  test('a line says what is known', async () => {
    const page = await ask({ state: 'FAILURE' });
    expect(page.items).toEqual([
      expect.objectContaining({
        id: 'bad',
        state: 'FAILURE',
        reason: 'ValueError: too large, 7',
        error: 'ValueError',
        done: ago(150).toISOString(),
        retries: 2,
        queue: 'export',
        parentId: 'ok',
        rootId: 'ok',
        args: "('a', 1, None, {'deep': [True]})",
        kwargs: "{'page': 3, 'api_key': '********'}",
        flags: [],
      }),
    ]);
    expect((await ask({ state: 'running' })).items).toEqual([
      expect.objectContaining({ id: 'runs', worker: 'export@host', flags: [] }),
      expect.objectContaining({ id: 'stuck', worker: 'gone@host', flags: ['stuck'] }),
    ]);
    expect((await ask({ state: 'scheduled' })).items[0]?.reason).toBe('waits for 2026-03-01T12:30:00.000Z');
    expect((await ask({ q: 'id:due' })).items[0]?.eta).toBe('2026-03-01T11:59:30.250Z');
  });

  test.each<[Partial<Record<keyof TaskListQuery, string>>, readonly string[]]>([
    [{ state: 'FAILURE,REVOKED' }, ['bad', 'revoked']],
    [{ state: 'failed,running' }, ['bad', 'runs', 'stuck']],
    [{ state: 'PENDING', type: 'msg.send' }, ['waits', 'later', 'no-time', 'due']],
    [{ state: 'PROGRESS' }, ['custom']],
    [{ type: 'export.page' }, ['bad']],
    [{ type: 'msg.*' }, ['waits', 'later', 'no-time', 'due']],
    [{ type: 'msg_*' }, ['silent']],
    [{ type: '%' }, []],
    [{ queue: 'msg' }, ['waits', 'later', 'no-time', 'due']],
    [{ creator: '1' }, ['ok']],
    [{ related: 'project-1' }, ['ok']],
    [{ root: 'ok' }, ['ok', 'bad']],
    [{ parent: 'ok' }, ['bad']],
    [{ from: ago(60).toISOString(), to: ago(50).toISOString() }, ['later']],
    [{ sort: 'done' }, ['ok', 'bad', 'revoked']],
    [{ sort: 'done', order: 'asc' }, ['revoked', 'bad', 'ok']],
    [{ sort: 'name', order: 'asc', state: 'failed,succeeded' }, ['bad', 'ok']],
    [{ sort: 'runtime' }, []],
  ])('filter %j', async (query, wanted) => {
    expect(await ids(query)).toEqual(wanted);
  });

  test.each<[string, readonly string[]]>([
    ['PAGE', ['bad']],
    ['"export.page"', ['bad']],
    ['state:FAILURE OR state:REVOKED', ['bad', 'revoked']],
    ['name:export.* -state:SUCCESS -is:stuck (state:STARTED OR state:RETRY)', ['runs', 'again']],
    ['NOT name:export.* NOT name:msg.*', ['silent']],
    ['args:deep', ['bad']],
    ['kwargs:page=3', ['bad']],
    ['kwargs:page=4', []],
    ['error:"too large"', ['bad']],
    ['error:Traceback', ['bad']],
    ['is:stuck', ['stuck']],
    ['is:result', ['custom']],
    ['retries>1', ['bad']],
    ['created>=2026-03-01T11:59Z created<2026-03-01', []],
    ['created<2026-02-28', ['silent', 'due']],
    ['created:2026-02-27', ['silent']],
    ['done>2026-03-01T11:58:00Z', ['ok']],
    ["'; DROP TABLE tasks_backgroundtask; --", []],
    ['http://host', []],
  ])('search %s', async (q, wanted) => {
    expect(await ids({ q })).toEqual(wanted);
  });

  test.each([
    '(',
    'a)',
    'a OR',
    'is:nothing',
    'created>soon',
    'name>3',
    '"open',
    '((((((a))))))',
    'a '.repeat(129),
  ])('refuses the search %s', async (q) => {
    await expect(ids({ q })).rejects.toMatchObject({ code: 'TASK_ARGUMENTS' });
  });

  test.each(['created', 'done', 'name'] as const)('pages both ways, ordered by %s', async (sort) => {
    for (const order of ['asc', 'desc'] as const) {
      const all = await ids({ sort, order });
      const forward: string[][] = [];
      let page = await ask({ sort, order, limit: '2' });
      expect(page.previous).toBeNull();
      for (;;) {
        forward.push(page.items.map(({ id }) => id));
        if (page.next === null) break;
        page = await ask({ sort, order, limit: '2', cursor: page.next });
      }
      expect(forward.flat()).toEqual(all);
      const backward = [forward.at(-1)];
      while (page.previous !== null) {
        page = await ask({ sort, order, limit: '2', cursor: page.previous });
        backward.unshift(page.items.map(({ id }) => id));
      }
      expect(backward.flat()).toEqual(all);
    }
  });

  test('a cursor of another list is refused', async () => {
    const { next } = await ask({ limit: '1' });
    await expect(ask({ sort: 'name', cursor: next ?? '' })).rejects.toMatchObject({ code: 'TASK_ARGUMENTS' });
    await expect(ask({ cursor: 'zzz' })).rejects.toMatchObject({ code: 'TASK_ARGUMENTS' });
  });

  test('counts by phase', async () => {
    const { phases, total } = await countTasks(database, {}, { now: NOW });
    expect(total).toEqual({ value: TASKS.length, exact: true });
    expect(phases.queued).toEqual({ value: 2, exact: true });
    expect(phases.lost).toEqual({ value: 0, exact: true });
    expect((await countTasks(database, { type: 'msg.*' }, { now: NOW })).phases.scheduled?.value).toBe(2);
  });
});

describe('results that are no pickles of ours', async () => {
  const { url, database } = await tables('our tables');
  test('are read as JSON, or left unread', async () => {
    const json = Buffer.from('{"exc_type": "KeyError", "exc_message": ["x"], "exc_module": "builtins"}');
    const broken = pickleCodec().encode({ a: 1 }).subarray(0, 5);
    await record(url, [
      { id: 'json', created: ago(1), status: 'FAILURE', stored: json },
      { id: 'broken', created: ago(2), status: 'FAILURE', stored: broken },
    ]);
    const { items } = await listTasks(database, taskListQuery.parse({}), { now: NOW });
    expect(items.map(({ id, error }) => [id, error])).toEqual([
      ['json', 'KeyError'],
      ['broken', null],
    ]);
  });
});
