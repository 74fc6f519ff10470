/** What is seen of a call from outside, when everything has come to rest. */
export interface Observed {
  /** Types of its events without `task-`, sorted: those of one attempt may overtake those of another. */
  readonly events: readonly string[];
  readonly status: string;
  /** The result, or the type of the error and its arguments. */
  readonly result: unknown;
}

export interface Case {
  readonly task: string;
  readonly kind: string;
  readonly args: readonly unknown[];
  /** Under Celery's names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly expected: Observed;
  /** Where ours does otherwise, what and why. */
  readonly ours?: { readonly why: string; readonly expected: Observed };
}

const EARLY = { acks_late: false };
const LATE = { acks_late: true };
const seen = (events: string, status: string, result: unknown): Observed => ({
  events: events.split(' ').sort(),
  status,
  result,
});
const refused = ['Reject', 'not today', false];
const broken = seen('received started failed', 'FAILURE', ['ValueError', 'broken']);
const lost = seen('received started failed', 'FAILURE', [
  'WorkerLostError',
  'Worker exited prematurely: exitcode 3 Job: N.',
]);
const rejectedOnce = seen('received started rejected received started succeeded', 'SUCCESS', 'again');
const retriedOnce = seen('received started retried received started succeeded', 'SUCCESS', 'again');

const cases: readonly Omit<Case, 'task'>[] = [
  { kind: 'ignore', args: [], options: EARLY, expected: seen('received started', 'PENDING', null) },
  { kind: 'ignore', args: [], options: LATE, expected: seen('received started', 'PENDING', null) },
  {
    kind: 'reject',
    args: [false],
    options: EARLY,
    expected: seen('received started failed', 'FAILURE', refused),
  },
  {
    kind: 'reject',
    args: [false],
    options: LATE,
    expected: seen('received started failed rejected', 'FAILURE', refused),
  },
  { kind: 'reject', args: [true], options: EARLY, expected: seen('received started', 'PENDING', null) },
  { kind: 'reject', args: [true], options: LATE, expected: rejectedOnce },
  { kind: 'fail', args: [], options: EARLY, expected: broken },
  { kind: 'fail', args: [], options: LATE, expected: broken },
  {
    kind: 'fail',
    args: [],
    options: { ...LATE, acks_on_failure_or_timeout: false },
    expected: seen('received started failed rejected', 'FAILURE', ['ValueError', 'broken']),
  },
  { kind: 'retry', args: [], options: EARLY, expected: retriedOnce },
  { kind: 'retry', args: [], options: LATE, expected: retriedOnce },
  {
    kind: 'retry_for_ever',
    args: [],
    options: { ...EARLY, max_retries: 1 },
    expected: seen('received started retried received started failed', 'FAILURE', ['ValueError', 'broken']),
  },
  {
    kind: 'retry_nameless',
    args: [],
    options: { ...EARLY, max_retries: 0 },
    expected: seen('received started failed', 'FAILURE', ['MaxRetriesExceededError', "Can't retry ID"]),
  },
  {
    kind: 'sleep',
    args: [],
    options: { ...LATE, time_limit: 1 },
    expected: seen('received started failed failed', 'FAILURE', ['TimeLimitExceeded', 1]),
    ours: {
      why: 'a failure is told once',
      expected: seen('received started failed', 'FAILURE', ['TimeLimitExceeded', 1]),
    },
  },
  {
    kind: 'sleep',
    args: [],
    options: { ...LATE, time_limit: 1, acks_on_failure_or_timeout: false },
    expected: seen('received started rejected failed received started succeeded', 'SUCCESS', 'again'),
  },
  { kind: 'die', args: [], options: EARLY, expected: lost },
  {
    kind: 'die',
    args: [],
    options: LATE,
    expected: lost,
    ours: { why: 'task_reject_on_worker_lost is on by default', expected: rejectedOnce },
  },
  { kind: 'die', args: [], options: { ...LATE, reject_on_worker_lost: true }, expected: rejectedOnce },
  { kind: 'die', args: [], options: { ...LATE, reject_on_worker_lost: false }, expected: lost },
];

/** What a task does, under which options, and what comes of it: with Celery's worker and with ours. */
export const TABLE: readonly Case[] = cases.map((one, index) => ({ ...one, task: `case-${index}` }));

/** A case in words. */
export const titleOf = ({ kind, args, options }: Case): string =>
  [
    `${kind}(${args.join()})`,
    ...Object.entries(options).map(([name, value]) => `${name}=${String(value)}`),
  ].join(' ');
