import { z } from 'zod';
import { type CeleryApp, defineTask } from '../../src/app/index.js';
import type { Lab } from '../../src/testing/index.js';
import { runTask } from '../../src/testing/index.js';

declare const app: CeleryApp;
declare const lab: Lab;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Equal<A, B>): void => {};

const add = defineTask(app, 'math.add', async (x: number, y: number) => x + y);
const input = z.object({ slug: z.string() });
const zip = defineTask(app, 'export.zip', { input }, ({ slug }) => [slug]);

const { outcome } = await runTask(app, add, { args: [1, 2], retries: 1 });
if (outcome.kind === 'success') same<typeof outcome.value, number>(true);
if (outcome.kind === 'retry') same<typeof outcome.plan.countdown, number | null>(true);
const zipped = await lab.run(zip, { kwargs: { slug: 'a' } });
if (zipped.outcome.kind === 'success') same<typeof zipped.outcome.value, string[]>(true);
// @ts-expect-error not a number
void lab.run(add, { args: [1, '2'] });
// @ts-expect-error an input is missing
void lab.run(zip, { kwargs: {} });

lab.expectSent(add, { args: [1, 2], queue: 'math', countdown: 5 });
lab.expectSent('math.add', { args: ['anything'] });
// @ts-expect-error not a number
lab.expectSent(add, { args: [1, '2'] });

same<Awaited<ReturnType<typeof lab.until<number>>>, number>(true);
void lab.until(await add.delay(1, 2), 'SUCCESS', { within: 60 });
// @ts-expect-error no such operation
lab.fail('sleep');
