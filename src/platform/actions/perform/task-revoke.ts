import { isReady } from '../../../base/index.js';
import type { TaskMeta } from '../../../results/index.js';
import type { ActionItem } from '../../views/index.js';
import { done, failed, refused, skipped } from '../items.js';
import type { ActionContext, Performer } from '../performer.js';

/** Seconds workers may take to answer, and a task to end. */
const TIMEOUT = 1.5;
const ENDS_WITHIN_MS = 5_000;
const LOOK_MS = 250;

/** Workers look at this table before tasks begin, where they cannot be told, or were not there to be told. */
const FLAG = {
  name: 'workertoolbox-revoke',
  text: `INSERT INTO workertoolbox.revoked_task (task_id, terminate, signal) SELECT id, $2, $3 FROM unnest($1::text[]) AS id
    ON CONFLICT (task_id) DO UPDATE SET at = now(), terminate = EXCLUDED.terminate OR revoked_task.terminate, signal = EXCLUDED.signal`,
};

/** Discards tasks that have not begun. */
export const revokeTasks: Performer<'task.revoke'> = async (context, { targets }) => {
  const before = await statesOf(context, targets);
  const open = targets.filter((id) => !isReady(before.get(id)?.status ?? 'PENDING'));
  await context.database.query({ ...FLAG, values: [open, false, null] });
  const answered = await tell(context, open, {});
  const after = await statesOf(context, open);
  return {
    items: targets.map((id) => {
      const was = before.get(id)?.status ?? 'PENDING';
      if (!open.includes(id))
        return was === 'REVOKED' ? skipped(id, 'was revoked before') : refused(id, `has ended: ${was}`);
      const now = after.get(id)?.status ?? 'PENDING';
      if (now === 'REVOKED') return done(id, `revoked${answered}`);
      if (now === 'STARTED' || now === 'PROGRESS') {
        return refused(id, 'runs already: it goes on; terminate ends it, and a retry of it will not run');
      }
      return done(id, `will not run: workers look before they begin it${answered}`);
    }),
  };
};

/** Ends tasks where they run, and discards them elsewhere. */
export const terminateTasks: Performer<'task.terminate'> = async (context, { targets, parameters }) => {
  const { confirm, signal = 'SIGTERM' } = parameters;
  const confirmed = targets.filter((id) => confirm === id || confirm === id.slice(0, 8));
  const before = await statesOf(context, confirmed);
  const open = confirmed.filter((id) => !isReady(before.get(id)?.status ?? 'PENDING'));
  await context.database.query({ ...FLAG, values: [open, true, signal] });
  const answered = await tell(context, open, { terminate: true, killSignal: signal });
  const after = await ended(context, open);
  const itemOf = (id: string): ActionItem => {
    if (!confirmed.includes(id)) return refused(id, `type ${id.slice(0, 8)} to confirm`);
    if (!open.includes(id)) return refused(id, `has ended: ${before.get(id)?.status ?? ''}`);
    const now = after.get(id)?.status ?? 'PENDING';
    if (isReady(now)) return done(id, `ended: ${now}${answered}`);
    if (now === 'STARTED') return failed(id, `still runs${answered}: its pool may not be able to end a task`);
    return done(id, `will not run${answered}`);
  };
  return { items: targets.map(itemOf) };
};

async function statesOf(
  { app }: ActionContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TaskMeta>> {
  const metas = (await (await app.backend())?.get(ids)) ?? [];
  return new Map(metas.map((meta) => [meta.taskId, meta]));
}

/** What the workers said, for the report. */
async function tell(
  { app, control }: ActionContext,
  ids: readonly string[],
  how: { readonly terminate?: boolean; readonly killSignal?: string },
): Promise<string> {
  if (ids.length === 0) return '';
  if ((await app.bus()) === undefined)
    return '; workers cannot be told, and look at the table of revoked tasks';
  const answers = Object.keys(await control.revoke(ids, { ...how, timeout: TIMEOUT }));
  return answers.length === 0 ? '; no worker answered' : `; heard by ${answers.join(', ')}`;
}

async function ended(context: ActionContext, ids: readonly string[]): Promise<ReadonlyMap<string, TaskMeta>> {
  const { clock } = context.app;
  const deadline = clock.monotonic() + ENDS_WITHIN_MS;
  for (;;) {
    const metas = await statesOf(context, ids);
    const runs = ids.some((id) => metas.get(id)?.status === 'STARTED');
    if (!runs || clock.monotonic() > deadline) return metas;
    await clock.sleep(LOOK_MS);
  }
}
