import { deferred, ToolboxError } from '../../base/index.js';
import {
  type BegunTask,
  createReconciler,
  type Gaps,
  gapCounts,
  type Reconciler,
} from '../../platform/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom, startAppLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { printJson, table } from '../output.js';
import { runService } from '../run-service.js';

export interface AuditFlags extends GlobalOptions, LogOptions {
  readonly dryRun?: boolean;
  readonly repair?: boolean;
  /** Seconds. */
  readonly lostAfter: number;
  readonly watch?: boolean;
  /** Seconds. */
  readonly silence: number;
  readonly interval: number;
  readonly unmarked?: boolean;
}

export async function runAudit(flags: AuditFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { close } = await startAppLogging(app, flags, context);
  try {
    if (flags.watch) await watch(app, flags, context);
    else await once(app, flags, context);
  } finally {
    await app.close();
    await close();
  }
}

const reconcilerFor = (
  app: Celery,
  { silence, interval, lostAfter, dryRun = false, unmarked = false, repair = false }: AuditFlags,
  onLook: (tasks: readonly BegunTask[]) => void,
  onGaps?: (gaps: Gaps) => void,
): Promise<Reconciler> =>
  createReconciler(app, {
    database: app.conf.result_backend ?? '',
    silence,
    interval,
    dryRun,
    unmarked,
    lostAfter,
    gapInterval: Math.max(interval, 1),
    republish: repair,
    onLook,
    ...(onGaps && { onGaps }),
  });

async function watch(app: Celery, flags: AuditFlags, { out }: CliContext): Promise<void> {
  const said = new Set<string>();
  const reconciler = await reconcilerFor(app, flags, (tasks) => {
    for (const task of tasks.filter(({ verdict }) => verdict === 'lost')) {
      if (flags.json && !said.has(task.taskId)) out.write(`${JSON.stringify(shown(task))}\n`);
      said.add(task.taskId);
    }
  });
  await runService(reconciler, app.logger, { onReady: () => app.logger.info({}, 'ready') });
}

/** Listens until every silence that matters could have been heard, and prints what was found. */
async function once(app: Celery, flags: AuditFlags, context: CliContext): Promise<void> {
  const { silence, interval, json } = flags;
  const enoughMs = (silence + interval) * 1000;
  const found = deferred<readonly BegunTask[]>();
  // What an earlier look found lost, a later one may not see any more.
  const lost = new Map<string, BegunTask>();
  let gaps: Gaps | undefined;
  let looks = 0;
  const onGaps = (found: Gaps): void => {
    gaps = merged(gaps, found);
    looks += 1;
  };
  const reconciler = await reconcilerFor(app, flags, onLook, onGaps);
  function onLook(tasks: readonly BegunTask[]): void {
    for (const task of tasks) if (task.verdict === 'lost') lost.set(task.taskId, task);
    if (reconciler.heardForMs <= enoughMs || looks < LOOKS) return;
    found.resolve([...lost.values(), ...tasks.filter(({ taskId }) => !lost.has(taskId))]);
  }
  const cancel = app.clock.after(enoughMs * 3, () => found.reject(unheard()));
  try {
    await reconciler.start();
    const tasks = await found.promise;
    await reconciler.stop();
    if (json) printJson(context, { begun: tasks.map(shown), gaps: gaps && shownGaps(gaps) });
    else context.out.write(`${report(tasks, flags.dryRun === true)}\n${gaps ? gapReport(gaps) : ''}`);
  } finally {
    cancel();
    await reconciler.stop();
  }
}

/** A task counts as lost after two looks. */
const LOOKS = 3;

/** What was repaired in one look is not found in the next. */
function merged(before: Gaps | undefined, found: Gaps): Gaps {
  if (before === undefined) return found;
  const both = <T extends { readonly id: string }>(one: readonly T[], other: readonly T[]): readonly T[] => [
    ...new Map([...one, ...other].map((item) => [item.id, item])).values(),
  ];
  return {
    ...found,
    lost: both(
      found.lost,
      before.lost.filter(({ sentAgain }) => sentAgain),
    ),
    untracked: both(before.untracked, found.untracked),
  };
}

const shownGaps = (gaps: Gaps): object => ({
  counts: gapCounts(gaps),
  lost: gaps.lost.map(({ id, type, sentAgain }) => ({ task_id: id, task: type, sent_again: sentAgain })),
  untracked: gaps.untracked.map(({ id, state }) => ({ task_id: id, state })),
  orphans: gaps.orphans.map(({ id, type, parent, root }) => ({
    task_id: id,
    task: type,
    parent_id: parent,
    root_id: root,
  })),
  queues_without_consumer: gaps.unconsumed,
});

function gapReport(gaps: Gaps): string {
  const lines = [
    ...gaps.lost.map(({ id, type, sentAgain }) => ['lost', id, sentAgain ? `${type} (sent again)` : type]),
    ...gaps.untracked.map(({ id, state }) => ['untracked', id, state]),
    ...gaps.orphans.map(({ id, type, parent, root }) => [
      'orphan',
      id,
      `${type}, child of ${parent ?? root}`,
    ]),
    ...gaps.unconsumed.map(({ queue, waiting }) => ['no consumer', queue, `${waiting} waiting`]),
    ...(gaps.unknown > 0
      ? [['unknown', `${gaps.unknown} tasks`, 'silent, in queues that are not empty']]
      : []),
  ];
  return lines.length === 0
    ? 'Records and queues agree.\n'
    : `${table([['GAP', 'WHERE', 'WHAT'], ...lines])}\n`;
}

const unheard = (): ToolboxError =>
  new ToolboxError(
    'BROKER_UNREACHABLE',
    'the workers could not be heard for long enough: nothing was judged; see the log for what is away',
  );

const shown = ({ taskId, worker, pid, verdict }: BegunTask): object => ({
  task_id: taskId,
  worker,
  pid,
  verdict,
});

function report(tasks: readonly BegunTask[], dryRun: boolean): string {
  const count = (verdict: BegunTask['verdict']): number =>
    tasks.filter((task) => task.verdict === verdict).length;
  const rows = tasks.map(({ taskId, worker, pid, verdict }) => [
    taskId,
    worker ?? '?',
    String(pid ?? '?'),
    verdict,
  ]);
  const sum = `${count('lost')} lost${dryRun ? '' : ' (FAILURE now)'}, ${count('running')} running, ${count('unjudged')} unjudged`;
  return rows.length === 0
    ? 'No task is begun.'
    : `${table([['TASK', 'WORKER', 'PID', 'VERDICT'], ...rows])}\n${sum}`;
}
