import { z } from 'zod';
import type { CeleryApp, TaskRequest } from '../../src/app/index.js';
import { chain, chord, group, type Signature, signature, taskFactory } from '../../src/canvas/index.js';
import type { AsyncResult, GroupResult } from '../../src/results/index.js';

declare const app: CeleryApp;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Equal<A, B>): void => {};

const task = taskFactory(app);
const add = task('add', (x: number, y: number) => x + y);
const total = task('total', async (numbers: readonly number[]) => numbers.length);
const show = task('show', (n: number) => `${n}`);
const shout = task('shout', { bind: true, maxRetries: 1 }, (_task, text: string, loud?: boolean) =>
  loud ? text : 0,
);
const project = task('project', { input: z.object({ org: z.string(), size: z.number() }) }, ({ org }) => org);

// Signatures: complete, lacking the first argument, lacking all.
same<ReturnType<typeof add>, Promise<number>>(true);
const full: Signature<[], number> = add.s(1, 2);
const lacking: Signature<[number], number> = add.s(2);
const open: Signature<[x: number, y: number], number> = add.s();
const closed: Signature<readonly unknown[], number> = add.si(1, 2);
void full.delay();
void lacking.delay(1);
void open.delay(1, 2);
void closed.delay('whatever');
// @ts-expect-error an argument is missing
void lacking.delay();
// @ts-expect-error not a number
void add.s('1', 2);
// @ts-expect-error one too many
void add.s(1, 2, 3);
// @ts-expect-error immutable ones must be complete
void add.si(1);

// Chains: each output is the next one's input.
const flow = chain(add.s(1, 2), add.s(3), show.s(), shout.s());
void flow;
same<Awaited<ReturnType<typeof flow.applyAsync>>, AsyncResult<string | 0>>(true);
void chain(add.s(1, 2), show.s()).delay();
void chain(add.s(2), show.s()).delay(1);
void chain(add.s(1, 2), add.si(3, 4), show.s());
// @ts-expect-error show gives a text, add takes a number
void chain(add.s(1, 2), show.s(), add.s(3));
// @ts-expect-error nothing is left to take for the result of the first
void chain(add.s(1, 2), add.s(3, 4));
// @ts-expect-error the first still lacks an argument
void chain(add.s(2), show.s()).delay();

// Groups and chords.
const both = group(add.s(1, 2), show.s(3));
void both;
same<Awaited<ReturnType<typeof both.applyAsync>>, GroupResult<number | string>>(true);
void chord([add.s(1, 2), add.s(3, 4)])(total.s());
const end = await chord([add.s(1, 2), add.s(3, 4)], total.s()).applyAsync();
void end;
same<typeof end, AsyncResult<number>>(true);
void chord(group(add.s(1, 2), add.s(3, 4)), total.s());
void chord(
  [1, 2].map((n) => add.s(n, n)),
  total.si([1]),
);
void chain(group(add.s(1, 2), add.s(3, 4)), total.s(), show.s());
// @ts-expect-error total takes numbers, not texts
void chord([show.s(1)], total.s());
// @ts-expect-error add takes no list
void chord([add.s(1, 2)])(add.s(1));
const parts: Signature<readonly unknown[], number[][], GroupResult<number[]>> = add.chunks([[1, 2]], 10);
void parts;
void add.starmap([[1, 2]]);
// @ts-expect-error not a pair
void add.starmap([[1]]);

// Schemas, links, data from elsewhere.
void project.s({ org: 'o', size: 1 }).delay();
void chain(show.s(1), project.s({ size: 1 }));
// @ts-expect-error size is missing
void project.si({ org: 'o' });
void add.s(1, 2).link(show.s()).linkError(shout.s());
// @ts-expect-error takes a text
void add.s(1, 2).link(shout.s());
void add
  .s(1, 2)
  .set({ queue: 'q', is_result: true })
  .link(signature(app, 'elsewhere', { args: [1] }));
void chain(add.s(1, 2), signature(app, 'elsewhere'), show.s());

// Each form keeps what its parts say of their values.
const triple = chain(add.s(1, 2), group(show.s(), add.s(3)));
void triple;
same<Awaited<ReturnType<typeof triple.applyAsync>>, GroupResult<string | number>>(true);
const tuple: Signature<readonly unknown[], [number, string], unknown> = group(add.s(1, 2), show.s(3));
void tuple;
// @ts-expect-error the members stand in another order
const turned: Signature<readonly unknown[], [string, number], unknown> = group(add.s(1, 2), show.s(3));
void turned;
const pair = task('pair', ([count, text]: readonly [number, string]) => `${count}${text}`);
void chord([add.s(1, 2), show.s(3)], pair.s());
void chain(group(add.s(1, 2), show.s(3)), pair.s());
// @ts-expect-error the body takes a number first
void chord([show.s(3), add.s(1, 2)], pair.s());
// @ts-expect-error a header of one gives a list of one
void chord([add.s(1, 2)], pair.s());
// @ts-expect-error the body takes the list, not one of its values
void chord([add.s(1, 2), add.s(3, 4)], show.s());
// Chains and chords in headers give what they end with.
void chord(
  [chain(add.s(1, 2), show.s()), show.s(1)],
  task('join', (texts: readonly string[]) => texts.join()).s(),
);
void chord([chord([add.s(1, 2)], total.s()), add.s(1, 2)], total.s());
// @ts-expect-error the inner chain ends with a text
void chord([chain(add.s(1, 2), show.s()), add.s(1, 2)], total.s());
// A chord is a step like any other.
void chain(chord([add.s(1, 2)], total.s()), add.s(1), show.s());
// @ts-expect-error the chord ends with a number
void chain(chord([add.s(1, 2)], total.s()), shout.s());

// What is run here has the same results.
same<Awaited<ReturnType<typeof flow.apply>>, AsyncResult<string | 0>>(true);
same<Awaited<ReturnType<typeof both.apply>>, GroupResult<number | string>>(true);
same<Awaited<ReturnType<typeof add.apply>>, AsyncResult<number>>(true);
void add.apply({ args: [1, 2], throw: true });
// @ts-expect-error not a number
void add.apply({ args: [1, '2'] });
void project.apply({ kwargs: { org: 'o', size: 1 } });
// @ts-expect-error size is missing
void project.apply({ kwargs: { org: 'o' } });

// Tasks that replace themselves, and that add to their chord.
const _swapped = task('swapped', { bind: true }, async (self, n: number): Promise<string> => {
  if (n > 0) return self.replace(show.s(n));
  return '';
});
same<ReturnType<typeof _swapped>, Promise<string>>(true);
const _shown = task('shown', { bind: true }, (self) => self.replace(show.s(1)));
same<ReturnType<typeof _shown>, Promise<string>>(true);
const _list = task('list', { bind: true }, (self) => self.replace(group(add.s(1, 2), show.s(1))));
same<ReturnType<typeof _list>, Promise<[number, string]>>(true);
// @ts-expect-error what stands for it gives a text
task('wrong', { bind: true }, (self): Promise<number> => self.replace(show.s(1)));
const _wire = task('wire', { bind: true }, (self): Promise<number> => self.replace(show.s(1).toJSON()));
same<ReturnType<typeof _wire>, Promise<number>>(true);
task('more', { bind: true }, async (self) => (await self.addToChord(add.s(1, 2))).id);

// Errbacks of either kind, and nothing else.
const byId = task('by_id', (id: string) => id);
const called = task('called', (request: TaskRequest, error: unknown, traceback: string | null) => [
  request.id,
  error,
  traceback,
]);
void add.s(1, 2).linkError(byId.s()).linkError(called.s()).linkError(byId.si('fixed'));
// @ts-expect-error an errback is sent an id, not a number
void add.s(1, 2).linkError(show.s());

// Stamps.
void flow.stamp({ customer: 'c1' }, { appendStamps: true });
void flow.stamp({ onSignature: ({ task: name }) => ({ name }) });
