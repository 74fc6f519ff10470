import { isReady } from '../../../base/index.js';
import { readMessages } from '../../messages/index.js';
import { insertPost, type Post, postValues } from '../../outbox/index.js';
import type { ActionItem } from '../../views/index.js';
import { derivedId } from '../derived-id.js';
import { refused } from '../items.js';
import type { Message } from '../outgoing.js';
import type { ActionContext, Performer } from '../performer.js';
import { FEW, heldByWorkers, type RetryFacts, retryFacts } from './retry-facts.js';
import { retryPost } from './retry-post.js';
import { retryRefusal, startersOf } from './retry-refusal.js';

/** Runs tasks again, under their ids with what is stored about them removed, or under new ids that are linked to the old. */
export const retryTasks: Performer<'task.retry'> = async (context, { targets, parameters, key }) => {
  const { app, database, outgoing } = context;
  const { mode } = parameters;
  const keyOf = (id: string): string => `${key}:${id}`;
  const facts = await retryFacts(context, targets);
  const posted = await postedBefore(context, targets.map(keyOf));
  const [{ holders, heard }, kept, starters] = await Promise.all([
    heldByWorkers(
      context,
      [...facts.values()]
        .filter(({ id, status }) => !posted.has(keyOf(id)) && (targets.length <= FEW || !isReady(status)))
        .map(({ id }) => id),
    ),
    readMessages(database, targets),
    startersOf(await app.backend(), unfinished(facts)),
  ]);
  const items = new Map<string, ActionItem>();
  const messages: Message[] = [];
  for (const id of targets) {
    const newId = mode === 'new' ? derivedId(keyOf(id)) : undefined;
    const known = facts.get(id);
    if (!posted.has(keyOf(id))) {
      const refusal =
        known === undefined
          ? 'no task of that id was recorded'
          : retryRefusal(known, { mode, holder: holders.get(id), heard, startedBy: starters.get(id) });
      const post =
        refusal ?? (known === undefined ? '' : await retryPost(app, known, kept.get(id), parameters, newId));
      if (typeof post === 'string') {
        items.set(id, refused(id, post));
        continue;
      }
      await put(context, { ...post, key: keyOf(id) });
    }
    messages.push({ key: keyOf(id), target: id, newId, text: told(context, known, newId) });
  }
  for (const item of await outgoing.send(messages)) items.set(item.id, item);
  return {
    items: targets.map((id) => items.get(id) ?? refused(id, 'no task of that id was recorded')),
    detail: {
      before: Object.fromEntries([...facts].map(([id, { type, status }]) => [id, { type, status }])),
    },
  };
};

const unfinished = (facts: ReadonlyMap<string, RetryFacts>): string[] =>
  [...facts.values()].filter(({ status }) => status !== 'PENDING').map(({ id }) => id);

/** Those that an interrupted program of the same action has come to. */
async function postedBefore(
  { database }: ActionContext,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ key: string }>({
    text: 'SELECT key FROM workertoolbox.outbox WHERE key = ANY($1)',
    values: [keys],
  });
  return new Set(rows.map((row) => row.key));
}

/** With the message the task is lost no more. */
const put = ({ database }: ActionContext, post: Post): Promise<unknown> =>
  database.query({
    name: 'workertoolbox-retry',
    text: `WITH found AS (DELETE FROM workertoolbox.task_mark WHERE task_id = $2 AND mark = 'lost') ${insertPost()}`,
    values: postValues(post),
  });

function told({ app }: ActionContext, known: RetryFacts | undefined, newId: string | undefined): string {
  const sent = newId === undefined ? 'sent again under its id' : 'sent under a new id';
  const task = known === undefined ? undefined : app.tasks.get(known.type);
  return task?.options.idempotent === true
    ? sent
    : `${sent}; not marked idempotent: what it did before it may do twice`;
}
