import { attemptCondition } from '../attempt-condition.js';
import { ENDED, type Expressions, IS_RESULT, QUEUE, RETRIES, TYPE } from '../expressions.js';
import { likeLiteral } from '../parameters.js';
import { stateCondition, workerCondition } from '../task-conditions.js';
import { type Operator, searchError } from './token.js';

type Field = (value: string, operator: Operator, sql: Expressions) => string | Promise<string>;

/** One text per task: what a word is looked for in, and what the optional index of trigrams is on. */
export const SEARCH_TEXT = "(t.task_id || ' ' || t.type || ' ' || t.input::text)";

/** As jsonb prints it. */
const asPrinted = (text: string): string => JSON.stringify(text).slice(1, -1);
const within = (column: string, text: string, sql: Expressions): string =>
  `${column} ILIKE ${sql.parameters.add(`%${likeLiteral(text)}%`)}`;

/** A word in id, name or arguments. */
export const textCondition = (text: string, sql: Expressions): string =>
  within(SEARCH_TEXT, asPrinted(text), sql);

const bytes = (column: string, text: string, sql: Expressions): string =>
  `position(convert_to(${sql.parameters.add(text)}::text, 'UTF8') IN ${column}) > 0`;

/** Equal; `*` stands for any characters. */
const pattern =
  (column: string): Field =>
  (value, operator, sql) => {
    onlyEqual(operator);
    return value.includes('*')
      ? `${column} LIKE ${sql.parameters.add(likeLiteral(value).replaceAll('*', '%'))}`
      : `${column} = ${sql.parameters.add(value)}`;
  };

/** `word` anywhere in the arguments, or `name=value` of a keyword argument. */
const argument =
  (side: 'args' | 'kwargs'): Field =>
  (value, operator, sql) => {
    onlyEqual(operator);
    const [, key, given] = side === 'kwargs' ? (/^([^=\s]+)=(.*)$/s.exec(value) ?? []) : [];
    return key === undefined || given === undefined
      ? within(`(t.input->'${side}')::text`, asPrinted(value), sql)
      : `(t.input->'kwargs'->>${sql.parameters.add(key)}) = ${sql.parameters.add(given)}`;
  };

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?$/;

const moment =
  (column: (sql: Expressions) => string): Field =>
  (value, operator, sql) => {
    const text = /T.*[^Z\d:.+-]|Z$|[+-]\d\d:\d\d$/.test(value) || !value.includes('T') ? value : `${value}Z`;
    if (!MOMENT.test(value) || Number.isNaN(Date.parse(text))) {
      throw searchError(`expected a date (2026-01-31 or 2026-01-31T12:00Z), not ${value}`);
    }
    const from = sql.parameters.add(new Date(text));
    if (operator !== ':') return `${column(sql)} ${operator} ${from}::timestamptz`;
    const within = value.includes('T') ? '1 minute' : '1 day';
    return `(${column(sql)} >= ${from}::timestamptz AND ${column(sql)} < ${from}::timestamptz + interval '${within}')`;
  };

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** The last run: how long it took. */
const runtime: Field = (value, operator, sql) => {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(value) ?? [];
  if (digits === undefined || operator === ':') throw searchError('expected runtime>10s, <500ms, >=2m');
  if (!sql.shape.attempts) return 'false';
  const seconds = Number(digits) * (SECONDS[unit] ?? 1);
  return attemptCondition(
    (add) => `w.${ENDED} AND (w.ended - w.started) ${operator} ${add(seconds)}::float8 * interval '1 second'`,
    sql,
  );
};

const retries: Field = (value, operator, sql) => {
  if (!/^\d{1,6}$/.test(value)) throw searchError('expected a number of retries');
  return `${RETRIES} ${operator === ':' ? '=' : operator} ${sql.parameters.add(Number(value))}`;
};

const creator: Field = (value, operator, sql) => {
  onlyEqual(operator);
  if (!/^\d{1,9}$/.test(value)) throw searchError('creator: expected the number of a user');
  return `t.creator_id = ${sql.parameters.add(Number(value))}`;
};

const FLAGS: Readonly<Record<string, (sql: Expressions) => string>> = {
  orphan: (sql) => sql.isOrphan,
  stuck: (sql) => sql.stuck(sql.lastStart),
  quarantined: ({ shape }) =>
    shape.quarantine
      ? 'EXISTS (SELECT 1 FROM workertoolbox.quarantine z WHERE z.task_id = t.task_id)'
      : 'false',
  untracked: (sql) => sql.untracked,
  result: () => IS_RESULT,
};

const flag: Field = (value, operator, sql) => {
  onlyEqual(operator);
  const made = FLAGS[value.toLowerCase()];
  if (made === undefined) throw searchError(`is: expected one of ${Object.keys(FLAGS).join(', ')}`);
  return made(sql);
};

function onlyEqual(operator: Operator): void {
  if (operator !== ':') throw searchError(`expected a colon, not ${operator}, before a text`);
}

const equal =
  (made: (value: string, sql: Expressions) => string | Promise<string>): Field =>
  (value, operator, sql) => {
    onlyEqual(operator);
    return made(value, sql);
  };

const NAME = pattern(TYPE);

/** What can be asked for by name. */
export const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['name', NAME],
  ['type', NAME],
  ['id', pattern('t.task_id')],
  ['uuid', pattern('t.task_id')],
  ['queue', pattern(QUEUE)],
  ['root', pattern('t.root_id')],
  ['parent', pattern('t.parent_id')],
  ['related', pattern('t.related_object_id')],
  ['creator', creator],
  ['state', equal((value, sql) => stateCondition(value.split(','), sql))],
  ['worker', equal(workerCondition)],
  ['args', argument('args')],
  ['kwargs', argument('kwargs')],
  ['result', equal((value, sql) => bytes('r.result', value, sql))],
  [
    'error',
    equal((value, sql) => {
      const failed = sql.inStates(['FAILURE', 'RETRY']);
      return `(${failed} AND (${within('r.traceback', value, sql)} OR ${bytes('r.result', value, sql)}))`;
    }),
  ],
  ['is', flag],
  ['created', moment(() => 't.created_date')],
  ['done', moment((sql) => sql.done)],
  ['runtime', runtime],
  ['retries', retries],
]);
