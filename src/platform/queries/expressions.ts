import type { Database } from '../store/database.js';
import type { StoreShape } from '../store/store-shape.js';
import type { Phase } from '../views/index.js';
import type { Parameters } from './parameters.js';
import type { Question } from './question.js';

/** The SQL of one statement over `t` (tasks), `r` (results) and `s` (their states), with the values it needs. */
export class Expressions {
  readonly database: Database;
  readonly shape: StoreShape;
  readonly parameters: Parameters;
  readonly #question: Question;
  #now: string | undefined;

  constructor(database: Database, shape: StoreShape, question: Question, parameters: Parameters) {
    this.database = database;
    this.shape = shape;
    this.parameters = parameters;
    this.#question = question;
  }

  /** Both joins are by unique key: where nothing asks for one, the planner leaves it out. */
  get from(): string {
    const results = this.shape.results ? 'celery_taskmeta' : NO_RESULTS;
    const states = this.shape.states ? 'LEFT JOIN workertoolbox.task_state s ON s.task_id = t.task_id' : '';
    return `tasks_backgroundtask t LEFT JOIN ${results} r ON r.task_id = t.task_id ${states}`;
  }

  get now(): string {
    this.#now ??=
      this.#question.now === undefined ? 'now()' : `${this.parameters.add(this.#question.now)}::timestamptz`;
    return this.#now;
  }

  /** When the result was stored; a date without zone is UTC. */
  get done(): string {
    return this.shape.zoned || !this.shape.results ? 'r.date_done' : "(r.date_done AT TIME ZONE 'UTC')";
  }

  get state(): string {
    return "COALESCE(r.status, 'PENDING')";
  }

  /** True for tasks in one of these states; uses the index of states where there is one. */
  inStates(states: readonly string[]): string {
    const list = this.parameters.add(states);
    if (this.shape.states) return `s.state = ANY (${list}::text[])`;
    const stored = `r.status = ANY (${list}::text[])`;
    return states.includes('PENDING') ? `(r.status IS NULL OR ${stored})` : stored;
  }

  #outside(states: readonly string[]): string {
    const list = this.parameters.add(states);
    return this.shape.states ? `s.state <> ALL (${list}::text[])` : `r.status <> ALL (${list}::text[])`;
  }

  inPhase(phase: Phase): string {
    const states = STATES_OF[phase];
    if (states !== undefined) return this.inStates(states);
    if (phase === 'other') return this.#outside(NAMED_STATES);
    return `(${this.inStates(WAITING)} AND ${this.#waiting} = '${phase}')`;
  }

  /** The phase of a row. */
  get phase(): string {
    const cases = Object.entries(STATES_OF).map(
      ([phase, states]) =>
        `WHEN r.status IN (${states.map((state) => `'${state}'`).join(', ')}) THEN '${phase}'`,
    );
    return `CASE WHEN r.status IS NULL OR r.status IN ('PENDING', 'RECEIVED') THEN ${this.#waiting} ${cases.join(' ')} ELSE 'other' END`;
  }

  /** Where a task is that nobody has begun. */
  get #waiting(): string {
    const lost = `WHEN ${this.#marked('lost')} THEN 'lost'`;
    const late = `${this.now} - ${this.parameters.add(this.#question.unknownAfter)}::float8 * interval '1 second'`;
    return `CASE ${lost} WHEN ${DUE} > ${this.now} THEN 'scheduled' WHEN GREATEST(t.created_date, ${DUE}) < ${late} THEN 'unknown' ELSE 'queued' END`;
  }

  get #longEnough(): string {
    return `t.created_date < ${this.now} - ${this.parameters.add(this.#question.orphanAfter)}::float8 * interval '1 second'`;
  }

  /** Its parent or its root was never recorded, or only as a name that another row needed. */
  get orphan(): string {
    const known = (column: string): string =>
      `EXISTS (SELECT 1 FROM tasks_backgroundtask o WHERE o.task_id = t.${column} AND NOT o.options ? 'placeholder')`;
    return `(${this.#longEnough} AND NOT ((t.parent_id IS NULL OR ${known('parent_id')}) AND (t.root_id = t.task_id OR ${known('root_id')})))`;
  }

  /** The same of all tasks: their relatives are compared as a whole, not looked up for each. */
  get isOrphan(): string {
    const without = (column: string): string => `SELECT c.task_id FROM tasks_backgroundtask c
      WHERE c.${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tasks_backgroundtask o WHERE o.task_id = c.${column})`;
    return `(${this.#longEnough} AND t.task_id IN (${without('parent_id')} UNION ALL ${without('root_id')}
      UNION ALL SELECT c.task_id FROM tasks_backgroundtask o JOIN tasks_backgroundtask c ON c.task_id <> o.task_id AND (c.parent_id = o.task_id OR c.root_id = o.task_id)
      WHERE o.options ? 'placeholder'))`;
  }

  /** A row that stands for a task whose message was never recorded. */
  get untracked(): string {
    return `(t.options ? 'untracked' OR t.options ? 'placeholder' OR ${this.#marked('untracked')})`;
  }

  #marked(mark: 'lost' | 'untracked'): string {
    return this.shape.marks
      ? `EXISTS (SELECT 1 FROM workertoolbox.task_mark m WHERE m.task_id = t.task_id AND m.mark = '${mark}')`
      : 'false';
  }

  /** When the last run began, as far as anybody recorded it. */
  get lastStart(): string {
    const attempt = this.shape.attempts
      ? '(SELECT max(b.started) FROM workertoolbox.attempt b WHERE b.task_id = t.task_id), '
      : '';
    return `COALESCE(${attempt}${this.done}, t.created_date)`;
  }

  /** Begun so long ago that it should have ended. */
  stuck(started: string): string {
    const after = `${this.parameters.add(this.#question.stuckAfter)}::float8`;
    return `(r.status = 'STARTED' AND ${started} < ${this.now} - GREATEST(${after}, ${TIME_LIMIT}) * interval '1 second')`;
  }
}

const NO_RESULTS = `(SELECT NULL::text AS task_id, NULL::text AS status, NULL::bytea AS result, NULL::timestamptz AS date_done, NULL::text AS traceback WHERE false)`;

/** What Celery and we store in these phases; the others are told by time. */
const STATES_OF: Readonly<Partial<Record<Phase, readonly string[]>>> = {
  running: ['STARTED'],
  retrying: ['RETRY'],
  succeeded: ['SUCCESS'],
  failed: ['FAILURE'],
  revoked: ['REVOKED', 'REJECTED', 'IGNORED'],
};
const WAITING = ['PENDING', 'RECEIVED'];
const NAMED_STATES = [...WAITING, ...Object.values(STATES_OF).flat()];

/** The states that no index of states is needed for: nearly all tasks are in one of them. */
export const isRare = (states: readonly string[]): boolean => !states.includes('SUCCESS');
export const statesOf = (phase: Phase): readonly string[] => STATES_OF[phase] ?? WAITING;

const ETA_TEXT = "(t.options->>'eta')";
const part = (pattern: string): string => `substring(${ETA_TEXT} from '${pattern}')`;
const number = (pattern: string): string => `COALESCE(${part(pattern)}, '0')`;
const ISO = '^[1-9]\\d{3}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d';

/**
 * The ETA of a task as a moment; null where there is none, or no time. A message can bring any text: a cast would end the
 * whole statement over the 30th of February, sums do not.
 */
export const DUE = `(CASE WHEN ${ETA_TEXT} ~ '${ISO}' THEN timestamptz '1970-01-01 00:00:00+00' + make_interval(
  years => ${part('^(\\d{4})')}::int - 1970, months => ${part('^\\d{4}-(\\d\\d)')}::int - 1, days => ${part('^\\d{4}-\\d\\d-(\\d\\d)')}::int - 1,
  hours => ${part('[T ](\\d\\d)')}::int, mins => ${part('[T ]\\d\\d:(\\d\\d)')}::int,
  secs => ${number('[T ]\\d\\d:\\d\\d:(\\d\\d(?:\\.\\d{1,6})?)')}::float8)
  - (CASE WHEN ${ETA_TEXT} ~ '[-+]\\d\\d:?\\d\\d$' THEN ${part('([-+]\\d\\d):?\\d\\d$')}::int * interval '1 hour'
    + (${part('([-+])\\d\\d:?\\d\\d$')} || ${part('(\\d\\d)$')})::int * interval '1 minute' ELSE interval '0' END) END)`;

/** The hard time limit of a task in seconds; null where it has none. */
const TIME_LIMIT = `(CASE WHEN jsonb_typeof(t.options->'timelimit'->0) = 'number' THEN (t.options->'timelimit'->>0)::float8 END)`;

/** Of an attempt: the task ended with it. */
export const ENDED = "outcome IN ('SUCCESS', 'FAILURE', 'REVOKED')";

/** The queue a task was sent to: under the toolbox's routes the routing key is its name. */
export const QUEUE = "(t.options->'delivery_info'->>'routing_key')";
/** Compared byte by byte, so that one index serves equality, beginnings and order. */
export const TYPE = '(t.type COLLATE "C")';
export const RETRIES = `(CASE WHEN jsonb_typeof(t.options->'retries') = 'number' THEN (t.options->>'retries')::float8 ELSE 0 END)`;
export const IS_RESULT = `COALESCE(t.options->'is_result' = 'true'::jsonb, false)`;
