import { deferred, ToolboxError } from '../../base/index.js';
import { type BegunTask, createReconciler, type Reconciler } from '../../platform/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom, startAppLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { printJson, table } from '../output.js';
import { runService } from '../run-service.js';

export interface AuditFlags extends GlobalOptions, LogOptions {
  readonly dryRun?: boolean;
  readonly watch?: boolean;
  /** Seconds. */
  readonly silence: number;
  readonly interval: number;
  readonly unmarked?: boolean;
}

export async function runAudit(flags: AuditFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { logger, close } = await startAppLogging(app, flags, context);
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
  { silence, interval, dryRun = false, unmarked = false }: AuditFlags,
  onLook: (tasks: readonly BegunTask[]) => void,
): Promise<Reconciler> =>
  createReconciler(app, {
    database: app.conf.result_backend ?? '',
    silence,
    interval,
    dryRun,
    unmarked,
    onLook,
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
  const reconciler = await reconcilerFor(app, flags, (tasks) => {
    for (const task of tasks) if (task.verdict === 'lost') lost.set(task.taskId, task);
    if (reconciler.heardForMs <= enoughMs) return;
    found.resolve([...lost.values(), ...tasks.filter(({ taskId }) => !lost.has(taskId))]);
  });
  const cancel = app.clock.after(enoughMs * 3, () => found.reject(unheard()));
  try {
    await reconciler.start();
    const tasks = await found.promise;
    await reconciler.stop();
    if (json) printJson(context, tasks.map(shown));
    else context.out.write(`${report(tasks, flags.dryRun === true)}\n`);
  } finally {
    cancel();
    await reconciler.stop();
  }
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
