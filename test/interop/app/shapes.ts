import type { CeleryApp } from '../../../src/app/index.js';
import { chain, chord, group, type Signature, signature, taskFactory } from '../../../src/canvas/index.js';

/** The peer's tasks, and the same calls and canvases as its `shapes()`. */
export function shapesOf(app: CeleryApp): Record<string, () => Promise<unknown>> {
  const task = taskFactory(app);
  const add = task('wt.add', (x: number, y: number) => x + y);
  const tsum = task('wt.tsum', (numbers: number[]) => numbers.reduce((a, b) => a + b, 0));
  const echo = task('wt.echo', { argNames: ['...args'] }, (...args: unknown[]) => args);
  const note = task('wt.note', (...args: unknown[]) => void args);
  const when = new Date(Date.UTC(2030, 0, 2, 3, 4, 5, 678));
  const header = (): Signature<[], number>[] => [add.s(1, 2), add.s(3, 4)];
  return {
    plain: () => add.applyAsync({ args: [1, 2] }),
    keywords: () => add.applyAsync({ args: [1], kwargs: { y: 2 } }),
    options: () =>
      add.applyAsync({
        args: [1, 2],
        priority: 3,
        shadow: 'nick',
        time_limit: 30,
        soft_time_limit: 20,
        eta: when,
        headers: { X: 1 },
        ignore_result: true,
        retries: 2,
        root_id: 'root',
        parent_id: 'parent',
        creator_id: 7,
      }),
    expires: () => add.applyAsync({ args: [1, 2], expires: when }),
    links: () => add.applyAsync({ args: [1, 2], link: [add.s(3), note.si('x')], link_error: note.s() }),
    'no priority': () => add.applyAsync({ args: [1, 2], priority: null }),
    unicode: () =>
      app.send({
        task: echo.name,
        args: ['häß', null, true, 1.5, [1, { a: "it's" }]],
        kwargs: { k: 'v' },
        options: {},
      }),
    'by name': () =>
      app.send({ task: 'wt.elsewhere', args: [1], kwargs: {}, options: { ignore_result: false } }),
    'chain of two': () => chain(add.s(1, 2), add.s(3)).applyAsync(),
    'chain of four': () => chain(add.s(1, 2), add.s(3), add.si(1, 1), add.s(4)).applyAsync(),
    'chain with link': () => chain(add.s(1, 2), add.s(3)).applyAsync({ link: note.s() }),
    'chain with errback': () => chain(add.s(1, 2), add.s(3)).linkError(note.s()).applyAsync(),
    'chain with options': () =>
      chain(add.s(1, 2).set({ priority: 4 }), add.s(3).set({ is_result: true })).applyAsync({
        creator_id: 7,
      }),
    'chain with id': () => chain(add.s(1, 2), add.s(3)).applyAsync({ task_id: 'last' }),
    'chain in chain': () => chain(add.s(1, 2), chain(add.s(3), add.s(4)), add.s(5)).applyAsync(),
    group: () => group(add.s(1, 2), add.s(3, 4)).applyAsync(),
    'group with args': () => group(add.s(2), add.si(3, 4)).applyAsync({ args: [1] }),
    'group of chains': () => group(chain(add.s(1, 2), add.s(3)), add.s(4, 5)).applyAsync(),
    chord: () => chord(header())(tsum.s()),
    'chord with body options': () =>
      chord([add.s(1, 2)], tsum.s().set({ is_result: true, priority: 2 })).applyAsync(),
    'chord of chains': () => chord([chain(add.s(1, 2), add.s(3)), add.s(4, 5)])(tsum.s()),
    'chord without header': () => chord([])(tsum.s() as never),
    'group in chain': () => chain(group(header()), tsum.s()).applyAsync(),
    'group at the end': () => chain(add.s(1, 2), group(add.s(3), add.s(4))).applyAsync(),
    'chord in chain': () => chain(add.s(1, 2), group(add.s(3), add.s(4)), tsum.s()).applyAsync(),
    map: () => tsum.map([[1, 2], [3]]).applyAsync(),
    starmap: () =>
      add
        .starmap([
          [1, 2],
          [3, 4],
        ])
        .applyAsync(),
    chunks: () =>
      add
        .chunks(
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          2,
        )
        .applyAsync(),
    'by wire form': () =>
      signature(app, JSON.parse(JSON.stringify(chain(add.s(1, 2), add.s(3)))) as never).applyAsync(),
  };
}
