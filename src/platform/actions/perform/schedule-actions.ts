import { type EntryStore, findEntry, openEntryStore } from '../../../beat/index.js';
import { insertPost, postValues } from '../../outbox/index.js';
import type { ActionItem } from '../../views/index.js';
import { derivedId } from '../derived-id.js';
import { done, refused } from '../items.js';
import type { Message } from '../outgoing.js';
import type { ActionContext, Performer } from '../performer.js';

const unknown = (name: string): ActionItem => refused(name, 'there is no such schedule');

/** Sends one more run of each, marked by the header `manual`. The schedules go on as they were. */
export const triggerSchedules: Performer<'schedule.trigger'> = (context, { targets, user, key }) =>
  withStore(context, async (store) => {
    const items = new Map<string, ActionItem>();
    const messages: Message[] = [];
    for (const name of targets) {
      const found = await findEntry(context.app, store, name);
      if (found === undefined) {
        items.set(name, unknown(name));
        continue;
      }
      const { task, args, kwargs, options } = found.entry;
      const postKey = `${key}:${name}`;
      const taskId = derivedId(postKey);
      const call = { args, kwargs, options: { ...options, headers: { ...options.headers, manual: user } } };
      await context.database.query({
        text: insertPost(),
        values: postValues({ key: postKey, taskId, family: taskId, task, call }),
      });
      messages.push({ key: postKey, target: name, newId: taskId, text: `${task} sent` });
    }
    for (const item of await context.outgoing.send(messages)) items.set(item.id, item);
    return { items: targets.map((name) => items.get(name) ?? unknown(name)) };
  });

const enabling =
  <A extends 'schedule.pause' | 'schedule.resume'>(enabled: boolean): Performer<A> =>
  (context, { targets }) =>
    withStore(context, async (store) => {
      const items: ActionItem[] = [];
      for (const name of targets) {
        const found = await findEntry(context.app, store, name);
        if (found === undefined) items.push(unknown(name));
        else if (found.source === 'app') {
          items.push(refused(name, 'is written in the code of the app: set `enabled` there'));
        } else if (found.entry.enabled === enabled)
          items.push(done(name, `was ${enabled ? 'running' : 'paused'} before`));
        else {
          const { starting_deadline, ...entry } = found.entry;
          await store.put(name, {
            ...entry,
            ...(starting_deadline !== null && { starting_deadline }),
            enabled,
          });
          items.push(done(name, enabled ? 'goes on' : 'paused'));
        }
      }
      return { items };
    });

export const pauseSchedules = enabling<'schedule.pause'>(false);
export const resumeSchedules = enabling<'schedule.resume'>(true);

async function withStore<T>(
  { app, schedules }: ActionContext,
  work: (store: EntryStore) => Promise<T>,
): Promise<T> {
  const store = await openEntryStore(app, schedules);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
