import { hasCode } from '../../../base/index.js';
import type { ActionItem } from '../../views/index.js';
import { done, refused, skipped } from '../items.js';
import type { ActionContext, Performer } from '../performer.js';

/** Seconds workers may take to answer. */
const TIMEOUT = 2;

/** Deletes what waits in queues. The queue of the platform, which records what was sent, is never purged from here. */
export const purgeQueues: Performer<'queue.purge'> = async ({ app }, { targets, parameters }) => {
  const broker = await app.broker();
  const items: ActionItem[] = [];
  for (const name of targets) {
    if (parameters.confirm !== name) items.push(refused(name, 'type the name of the queue to confirm'));
    else if (isTap({ app }, name)) {
      items.push(refused(name, 'is the platform queue: its messages record what was sent'));
    } else {
      try {
        items.push(done(name, `${await broker.purge(name)} messages deleted`));
      } catch (error) {
        if (!hasCode(error, 'NOT_DECLARED')) throw error;
        items.push(skipped(name, 'there is no such queue'));
      }
    }
  }
  return { items };
};

const isTap = ({ app }: Pick<ActionContext, 'app'>, name: string): boolean =>
  app.queues.some((queue) => queue.tap === true && queue.name === name);

/**
 * Nobody takes messages from these queues any more: workers that hear commands stop at once, and those of ours look at a
 * table every few seconds, those too that start later. What was taken before is still dealt with.
 */
export const pauseQueues: Performer<'queue.pause'> = async (context, { targets, user }) => {
  const items: ActionItem[] = [];
  for (const queue of targets) {
    if (isTap(context, queue)) {
      items.push(refused(queue, 'is the platform queue: sync-tasks takes from it, no worker does'));
      continue;
    }
    const before = await consumersOf(context, queue);
    await context.database.query({
      text: `INSERT INTO workertoolbox.paused_queue AS known (queue, username, obeyed) VALUES ($1, $2, $3)
        ON CONFLICT (queue) DO UPDATE SET obeyed = ARRAY(SELECT unnest(known.obeyed) UNION SELECT unnest(EXCLUDED.obeyed))`,
      values: [queue, user, before],
    });
    if (before.length > 0) {
      await context.control.cancelConsumer(queue, { destination: before, timeout: TIMEOUT });
    }
    const after = await consumersOf(context, queue);
    const obeyed = before.filter((name) => !after.includes(name));
    const told = [
      obeyed.length > 0 ? `obeyed by ${obeyed.join(', ')}` : 'no worker that can be heard consumed from it',
      ...(after.length > 0 ? [`not obeyed by ${after.join(', ')}`] : []),
    ];
    items.push(done(queue, `paused; ${told.join('; ')}`));
  }
  return { items };
};

export const resumeQueues: Performer<'queue.resume'> = async (context, { targets }) => {
  const items: ActionItem[] = [];
  for (const queue of targets) {
    const [row] = await context.database.query<{ obeyed: string[] }>({
      text: 'DELETE FROM workertoolbox.paused_queue WHERE queue = $1 RETURNING obeyed',
      values: [queue],
    });
    if (row === undefined) {
      items.push(skipped(queue, 'is not paused'));
      continue;
    }
    const answers =
      row.obeyed.length === 0
        ? {}
        : await context.control.addConsumer(queue, { destination: row.obeyed, timeout: TIMEOUT });
    const names = Object.keys(answers);
    const missing = row.obeyed.filter((name) => !names.includes(name));
    const told = [
      ...(names.length > 0 ? [`consumed by ${names.join(', ')}`] : []),
      ...(missing.length > 0 ? [`${missing.join(', ')} did not answer`] : []),
    ];
    items.push(done(queue, ['goes on', ...told].join('; ')));
  }
  return { items };
};

/** The workers that can be heard and take messages from a queue. */
async function consumersOf({ app, control }: ActionContext, queue: string): Promise<readonly string[]> {
  if ((await app.bus()) === undefined) return [];
  const answers = await control.broadcast<readonly { readonly name: string }[]>(
    'active_queues',
    {},
    { timeout: TIMEOUT },
  );
  return Object.entries(answers)
    .filter(([, queues]) => Array.isArray(queues) && queues.some(({ name }) => name === queue))
    .map(([name]) => name);
}
