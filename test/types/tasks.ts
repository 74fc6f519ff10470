import { z } from 'zod';
import type { CeleryApp } from '../../src/app/index.js';
import { defineTask, type Settings, type SettingsInput, type TaskContext } from '../../src/app/index.js';
import type { AsyncResult } from '../../src/results/index.js';

declare const app: CeleryApp;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Equal<A, B>): void => {};

// Positional tasks.
const add = defineTask(app, 'math.add', async (x: number, y: number = 1) => x + y);
same<ReturnType<typeof add>, Promise<number>>(true);
same<ReturnType<typeof add.delay>, Promise<AsyncResult<number>>>(true);
void add(1);
void add.delay(1, 2);
void add.applyAsync({ args: [1, 2], countdown: 3, creator_id: 7 });
void add.applyAsync({ args: [1], kwargs: { y: 2 } });
void add.applyAsync({ kwargs: { x: 1, y: 2 } });
// @ts-expect-error an argument is missing
void add.delay();
// @ts-expect-error one argument too many
void add.delay(1, 2, 3);
// @ts-expect-error not a number
void add.delay('1');
// @ts-expect-error an argument is missing
void add.applyAsync({ args: [] });
// @ts-expect-error not a number
void add.applyAsync({ args: ['1'] });
// @ts-expect-error neither args nor kwargs
void add.applyAsync({ countdown: 3 });
// @ts-expect-error seconds are a number
void add.applyAsync({ args: [1], countdown: '3' });

// The context comes first, and callers do not see it.
const bound = defineTask(app, 'a.bound', { bind: true, maxRetries: 3 }, (task, x: string) => {
  same<typeof task, TaskContext>(true);
  return task.retries > 0 ? x : null;
});
same<Parameters<typeof bound.delay>, [x: string]>(true);
same<Awaited<ReturnType<typeof bound>>, string | null>(true);
// @ts-expect-error the context is not an argument of the call
void bound.delay({} as TaskContext, 'a');

// Schemas.
const input = z.object({ org: z.string(), size: z.coerce.number().default(1) });
const project = defineTask(app, 'export.project', { input }, (given) => {
  same<typeof given, { org: string; size: number }>(true);
  return [given.size];
});
same<Awaited<ReturnType<typeof project>>, number[]>(true);
void project.delay({ org: 'o' });
void project.applyAsync({ kwargs: { org: 'o', size: '3' }, priority: 3 });
// @ts-expect-error org is missing
void project.delay({});
// @ts-expect-error org is no number
void project.delay({ org: 1 });
// @ts-expect-error org is missing
void project.applyAsync({ kwargs: {} });
defineTask(app, 'export.bound', { input, bind: true }, (task, { org }) => `${task.id}${org}`);
// @ts-expect-error no such option
defineTask(app, 'wrong', { maxRetry: 3 }, () => 1);

// Settings.
declare const settings: Settings;
same<Settings['task_acks_late'], boolean>(true);
same<Settings['result_backend'], string | null>(true);
same<Settings['result_expires'], number | null>(true);
same<Settings['QUEUES'], unknown>(true);
// @ts-expect-error no such setting
void settings.task_acks_lat;
const given: SettingsInput = { task_acks_late: true, task_queues: new Set(), QUEUES: ['a'] };
void given;
// @ts-expect-error not a boolean
const wrong: SettingsInput = { task_acks_late: 'yes' };
void wrong;
// @ts-expect-error no such setting
const misspelt: SettingsInput = { task_ack_late: true };
void misspelt;
