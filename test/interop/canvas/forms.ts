import { type AnySignature, chain, chord, group } from '../../../src/canvas/index.js';
import { stamped, type Words } from './tasks.js';

/** Labels of the possible parents: of a chord's body it is the part that ended last, or whoever watched the chord. */
type Parent = string | null | readonly string[];

/** A workflow, said in both languages, and all that must come of it. */
export interface Form {
  readonly name: string;
  readonly ts: (words: Words) => AnySignature;
  readonly python: string;
  /** What it comes to: a value, a list of a group's, or `{ error }` with the type that either language reads. */
  readonly value: unknown;
  /** The same of the tasks before it, the nearest first; groups among them left out. */
  readonly before?: readonly unknown[];
  /** Every run by its label, with the parent it must have. */
  readonly runs: Readonly<Record<string, Parent>>;
  /** Runs of a label, where it is not one. */
  readonly times?: Readonly<Record<string, number>>;
  readonly stamps?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Needs a store in which chords end. */
  readonly chord?: boolean;
  /** Only stores that count parts add to chords. */
  readonly counted?: boolean;
  /** Python's worker, counting in Redis, never tells a chord that a chord among its parts has failed: it hangs. */
  readonly hangsInPython?: boolean;
  /** What Python's worker sends in place of a task it replaces is answered to that worker, where results are replies. */
  readonly replaces?: boolean;
  /** Python turns groups in headers round: only what came, not where, is compared. */
  readonly unordered?: boolean;
}

// Signatures by name have no types to check.
const chained = (...tasks: AnySignature[]): AnySignature => chain(tasks);
const grouped = (...tasks: AnySignature[]): AnySignature => group(tasks) as AnySignature;
const chorded = (header: AnySignature[], body: AnySignature): AnySignature =>
  chord(header, body) as AnySignature;
const BAD = { error: 'ValueError' };
const BROKEN = { error: 'ChordError' };

const simple: readonly Form[] = [
  {
    name: 'a task',
    ts: ({ add }) => add('a', 1, 2),
    python: "add('a', 1, 2)",
    value: 3,
    runs: { a: null },
  },
  {
    name: 'a callback',
    ts: ({ add }) => add('a', 1, 2).link(add('b', 10)),
    python: "linked(add('a', 1, 2), add('b', 10))",
    value: 3,
    runs: { a: null, b: 'a' },
  },
  {
    name: 'several callbacks',
    ts: ({ add }) =>
      add('a', 1, 2)
        .link(add('b', 10))
        .link(add('c', 20))
        .link(grouped(add('d', 1), add('e', 1))),
    python: "linked(add('a', 1, 2), add('b', 10), add('c', 20), group(add('d', 1), add('e', 1)))",
    value: 3,
    runs: { a: null, b: 'a', c: 'a', d: 'a', e: 'a' },
  },
  {
    name: 'a chain',
    ts: ({ add }) => chained(add('a', 1, 2), add('b', 3), add('c', 4)),
    python: "chain(add('a', 1, 2), add('b', 3), add('c', 4))",
    value: 10,
    before: [6, 3],
    runs: { a: null, b: 'a', c: 'b' },
  },
  {
    name: 'a chain with an immutable step, and a callback of its own',
    ts: ({ add }) =>
      chained(add('a', 1, 2), add('b', 5, 5).set({ immutable: true }), add('c', 1)).link(add('d', 1)),
    python: "linked(chain(add('a', 1, 2), add('b', 5, 5).set(immutable=True), add('c', 1)), add('d', 1))",
    value: 11,
    before: [10, 3],
    runs: { a: null, b: 'a', c: 'b', d: 'c' },
  },
  {
    name: 'chains in a chain',
    ts: ({ add }) =>
      chained(chained(add('a', 1, 1), add('b', 1)), add('c', 1), chained(add('d', 1), add('e', 1))),
    python: "chain(chain(add('a', 1, 1), add('b', 1)), add('c', 1), chain(add('d', 1), add('e', 1)))",
    value: 6,
    before: [5, 4, 3, 2],
    runs: { a: null, b: 'a', c: 'b', d: 'c', e: 'd' },
  },
  {
    name: 'a step that is tried again',
    ts: ({ add, flaky }) => chained(add('a', 1, 2), flaky('b'), add('c', 1)),
    python: "chain(add('a', 1, 2), flaky('b'), add('c', 1))",
    value: 4,
    before: [3, 3],
    runs: { a: null, b: 'a', c: 'b' },
    times: { b: 2 },
  },
  {
    name: 'a group',
    ts: ({ add }) => grouped(add('a', 1, 2), add('b', 3, 4)),
    python: "group(add('a', 1, 2), add('b', 3, 4))",
    value: [3, 7],
    runs: { a: null, b: null },
  },
  {
    name: 'a group in a group, of which a part is a chain',
    ts: ({ add }) => grouped(grouped(add('a', 1, 2), chained(add('b', 3, 4), add('c', 1))), add('d', 5, 5)),
    python: "group(group(add('a', 1, 2), chain(add('b', 3, 4), add('c', 1))), add('d', 5, 5))",
    value: [3, 8, 10],
    runs: { a: null, b: null, c: 'b', d: null },
  },
  { name: 'an empty group', ts: () => grouped(), python: 'group()', value: [], runs: {} },
  {
    name: 'a chain that ends in a group',
    ts: ({ add }) => chained(add('a', 1, 1), grouped(add('b', 1), add('c', 2))),
    python: "chain(add('a', 1, 1), group(add('b', 1), add('c', 2)))",
    value: [3, 4],
    before: [2],
    runs: { a: null, b: 'a', c: 'a' },
  },
  {
    name: 'a chain with empty groups and groups of one',
    ts: ({ add }) => chained(grouped(), add('a', 1, 1), grouped(add('b', 1)), grouped(), add('c', 1)),
    python: "chain(group(), add('a', 1, 1), group(add('b', 1)), group(), add('c', 1))",
    value: 4,
    before: [3, 2],
    runs: { a: null, b: 'a', c: 'b' },
  },
  {
    name: 'starmap',
    ts: ({ over }) =>
      over('starmap', {
        it: [
          [1, 1],
          [2, 2],
        ],
      }),
    python: 'starmap([[1, 1], [2, 2]])',
    value: [2, 4],
    runs: {},
  },
  {
    name: 'chunks',
    ts: ({ over }) =>
      over('chunks', {
        it: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        n: 2,
      }),
    python: 'chunks([[1, 1], [2, 2], [3, 3]], 2)',
    value: [[2, 4], [6]],
    runs: {},
  },
  {
    name: 'stamps from a visitor',
    ts: ({ add }) => stamped(chained(add('a', 1, 2).link(add('d', 1)), grouped(add('b', 3), add('c', 4)))),
    python: "stamped(chain(linked(add('a', 1, 2), add('d', 1)), group(add('b', 3), add('c', 4))))",
    value: [6, 7],
    before: [3],
    runs: { a: null, b: 'a', c: 'a', d: 'a' },
    stamps: {
      a: { who: 'me', in_chain: true, short: 'add' },
      b: { who: 'me', in_chain: true, short: 'add' },
      d: { who: 'me', in_chain: true, back: true, short: 'add' },
    },
  },
];

const failing: readonly Form[] = [
  {
    name: 'a chain that fails',
    ts: ({ add, fail }) => chained(add('a', 1, 2), fail('f'), add('c', 1)),
    python: "chain(add('a', 1, 2), fail('f'), add('c', 1))",
    value: BAD,
    before: [BAD, 3],
    runs: { a: null, f: 'a' },
  },
  {
    name: 'errbacks that are sent, one alone and several',
    ts: ({ add, fail, note }) =>
      grouped(
        fail('f').linkError(note('n')),
        fail('g').linkError(note('o')).linkError(note('p')),
        add('a', 1, 1).linkError(note('q')),
      ),
    python:
      "group(guarded(fail('f'), note('n')), guarded(fail('g'), note('o'), note('p')), guarded(add('a', 1, 1), note('q')))",
    value: [BAD, BAD, 2],
    runs: { f: null, g: null, a: null, n: 'f', o: 'g', p: 'g' },
  },
  {
    name: 'an errback that is called',
    ts: ({ fail, called, note }) => fail('f').linkError(called('k')).linkError(note('n')),
    python: "guarded(fail('f'), called('k'), note('n'))",
    value: BAD,
    runs: { f: null, k: 'f', n: 'f' },
  },
  {
    name: 'an errback of a chain',
    ts: ({ add, fail, note }) => chained(add('a', 1, 2), fail('f'), add('c', 1)).linkError(note('n')),
    python: "guarded(chain(add('a', 1, 2), fail('f'), add('c', 1)), note('n'))",
    value: BAD,
    before: [BAD, 3],
    runs: { a: null, f: 'a', n: 'f' },
  },
  {
    name: 'an errback of a group',
    ts: ({ add, fail, note }) => grouped(add('a', 1, 2), fail('f')).linkError(note('n')),
    python: "guarded(group(add('a', 1, 2), fail('f')), note('n'))",
    value: [3, BAD],
    runs: { a: null, f: null, n: 'f' },
  },
  {
    name: 'a header that fails',
    ts: ({ add, fail, total, note }) => chorded([add('a', 1, 2), fail('f')], total('b')).linkError(note('n')),
    python: "guarded(chord([add('a', 1, 2), fail('f')], total('b')), note('n'))",
    value: BROKEN,
    runs: { a: null, f: null, n: [] },
    chord: true,
  },
  {
    name: 'a body that fails',
    ts: ({ add, fail, note }) => chorded([add('a', 1, 2)], fail('f')).linkError(note('n')),
    python: "guarded(chord([add('a', 1, 2)], fail('f')), note('n'))",
    value: BAD,
    runs: { a: null, f: ['a'], n: 'f' },
    chord: true,
  },
  {
    name: 'a chain in a header that fails before its last step',
    ts: ({ add, fail, total }) => chorded([chained(fail('f'), add('c', 1)), add('a', 1, 2)], total('b')),
    python: "chord([chain(fail('f'), add('c', 1)), add('a', 1, 2)], total('b'))",
    value: BROKEN,
    runs: { a: null, f: null },
    chord: true,
  },
  {
    name: 'a chord in a header that fails',
    ts: ({ add, fail, total }) =>
      chorded([chorded([fail('f'), add('c', 1, 1)], total('d')), add('a', 1, 2)], total('b')),
    python: "chord([chord([fail('f'), add('c', 1, 1)], total('d')), add('a', 1, 2)], total('b'))",
    value: BROKEN,
    runs: { a: null, c: null, f: null },
    chord: true,
    hangsInPython: true,
  },
  {
    name: 'a group body whose header fails',
    ts: ({ fail, total }) => chorded([fail('f')], grouped(total('b'), total('c'))),
    python: "chord([fail('f')], group(total('b'), total('c')))",
    value: [BAD, BAD],
    runs: { f: null },
    chord: true,
  },
];

const ofChords: readonly Form[] = [
  {
    name: 'a chord',
    ts: ({ add, total }) => chorded([add('a', 1, 2), add('b', 3, 4)], total('c')),
    python: "chord([add('a', 1, 2), add('b', 3, 4)], total('c'))",
    value: 10,
    runs: { a: null, b: null, c: ['a', 'b'] },
  },
  {
    name: 'a chord of one',
    ts: ({ add, total }) => chorded([add('a', 1, 2)], total('c')),
    python: "chord([add('a', 1, 2)], total('c'))",
    value: 3,
    runs: { a: null, c: ['a'] },
  },
  {
    name: 'a chord of none',
    ts: ({ total }) => chorded([], total('c')),
    python: "chord([], total('c'))",
    value: 0,
    runs: { c: null },
  },
  {
    name: 'a chord with a callback, and parts that are tried again',
    ts: ({ add, flaky, note }) => chorded([flaky('a', 1), add('b', 3, 4)], note('c')).link(note('d')),
    python: "linked(chord([flaky('a', 1), add('b', 3, 4)], note('c')), note('d'))",
    value: [1, 7],
    runs: { a: null, b: null, c: ['a', 'b'], d: 'c' },
    times: { a: 2 },
  },
  {
    name: 'a group in a chain',
    ts: ({ add, total }) =>
      chained(add('a', 1, 1), grouped(add('b', 1), add('c', 2)), total('d'), add('e', 100)),
    python: "chain(add('a', 1, 1), group(add('b', 1), add('c', 2)), total('d'), add('e', 100))",
    value: 107,
    before: [7, 2],
    runs: { a: null, b: 'a', c: 'a', d: ['b', 'c'], e: 'd' },
  },
  {
    name: 'groups one after the other',
    ts: ({ add, total }) =>
      chained(grouped(add('a', 1, 1), add('b', 2, 2)), grouped(total('c'), total('d')), total('e')),
    python: "chain(group(add('a', 1, 1), add('b', 2, 2)), group(total('c'), total('d')), total('e'))",
    value: 12,
    runs: { a: null, b: null, c: ['a', 'b'], d: ['a', 'b'], e: ['c', 'd'] },
  },
  {
    name: 'a chain in a header',
    ts: ({ add, total }) => chorded([chained(add('a', 1, 1), add('b', 1)), add('c', 4, 4)], total('d')),
    python: "chord([chain(add('a', 1, 1), add('b', 1)), add('c', 4, 4)], total('d'))",
    value: 11,
    runs: { a: null, b: 'a', c: null, d: ['b', 'c'] },
  },
  {
    name: 'a chord in a header',
    ts: ({ add, total }) =>
      chorded([chorded([add('a', 1, 1), add('b', 2, 2)], total('c')), add('d', 4, 4)], total('e')),
    python: "chord([chord([add('a', 1, 1), add('b', 2, 2)], total('c')), add('d', 4, 4)], total('e'))",
    value: 14,
    runs: { a: null, b: null, c: ['a', 'b'], d: null, e: ['c', 'd'] },
  },
  {
    name: 'a chain of chords in a header',
    ts: ({ add, total, note }) =>
      chorded(
        [
          chained(
            grouped(add('a', 1, 1), add('b', 2, 2)),
            total('c'),
            grouped(add('d', 1), add('e', 2)),
            total('f'),
          ),
          add('g', 1, 1),
        ],
        note('h'),
      ),
    python:
      "chord([chain(group(add('a', 1, 1), add('b', 2, 2)), total('c'), group(add('d', 1), add('e', 2)), total('f')), add('g', 1, 1)], note('h'))",
    value: [15, 2],
    runs: { a: null, b: null, c: ['a', 'b'], d: 'c', e: 'c', f: ['d', 'e'], g: null, h: ['f', 'g'] },
  },
  {
    name: 'a group in a header',
    ts: ({ add, note }) => chorded([grouped(add('a', 1, 1), add('b', 2, 2)), add('c', 4, 4)], note('d')),
    python: "chord([group(add('a', 1, 1), add('b', 2, 2)), add('c', 4, 4)], note('d'))",
    value: [2, 4, 8],
    runs: { a: null, b: null, c: null, d: ['a', 'b', 'c'] },
    unordered: true,
  },
  {
    name: 'a chain as body',
    ts: ({ add, total }) => chorded([add('a', 1, 1), add('b', 2, 2)], chained(total('c'), add('d', 1))),
    python: "chord([add('a', 1, 1), add('b', 2, 2)], chain(total('c'), add('d', 1)))",
    value: 7,
    runs: { a: null, b: null, c: ['a', 'b'], d: 'c' },
  },
  {
    name: 'a group as body',
    ts: ({ add, total }) => chorded([add('a', 1, 1), add('b', 2, 2)], grouped(total('c'), total('d'))),
    python: "chord([add('a', 1, 1), add('b', 2, 2)], group(total('c'), total('d')))",
    value: [6, 6],
    runs: { a: null, b: null, c: ['a', 'b'], d: ['a', 'b'] },
  },
  {
    name: 'a chord as body',
    ts: ({ add, total }) =>
      chorded([add('a', 1, 1), add('b', 2, 2)], chorded([total('c'), total('d')], total('e'))),
    python: "chord([add('a', 1, 1), add('b', 2, 2)], chord([total('c'), total('d')], total('e')))",
    value: 12,
    runs: { a: null, b: null, c: ['a', 'b'], d: ['a', 'b'], e: ['c', 'd'] },
  },
  {
    name: 'a group after a chord',
    ts: ({ add, total }) =>
      chained(chorded([add('a', 1, 1), add('b', 2, 2)], total('c')), grouped(add('d', 1), add('e', 2))),
    python: "chain(chord([add('a', 1, 1), add('b', 2, 2)], total('c')), group(add('d', 1), add('e', 2)))",
    value: [7, 8],
    before: [6],
    runs: { a: null, b: null, c: ['a', 'b'], d: 'c', e: 'c' },
  },
  {
    name: 'a part that adds to its chord',
    ts: ({ add, grow, total }) => chorded([grow('a', 1, add('x', 20, 20)), add('b', 2, 2)], total('c')),
    python: "chord([grow('a', 1, add('x', 20, 20)), add('b', 2, 2)], total('c'))",
    value: 45,
    runs: { a: null, b: null, x: 'a', c: ['a', 'b', 'x'] },
    counted: true,
  },
];
const chords = ofChords.map((form) => ({ ...form, chord: true }));

/** `s` and what is sent in its place have one id. */
const ofReplaced: readonly Form[] = [
  {
    name: 'a task in the place of one',
    ts: ({ add, swap }) => chained(swap('s', add('a', 1, 2)), add('b', 10)),
    python: "chain(swap('s', add('a', 1, 2)), add('b', 10))",
    value: 13,
    before: [3],
    runs: { s: null, a: ['s', 'a'], b: ['s', 'a'] },
  },
  {
    name: 'a chain in the place of a step',
    ts: ({ add, swap, note }) =>
      chained(
        add('a', 1, 2),
        swap('s', chained(add('b', 1, 1), add('c', 1))).set({ immutable: true }),
        add('d', 10),
      ).link(note('n')),
    python:
      "linked(chain(add('a', 1, 2), swap('s', chain(add('b', 1, 1), add('c', 1))).set(immutable=True), add('d', 10)), note('n'))",
    value: 13,
    before: [3, 3],
    runs: { a: null, s: 'a', b: ['s', 'c'], c: 'b', d: ['s', 'c'], n: 'd' },
  },
  {
    name: 'a group in the place of a task',
    ts: ({ add, swap, total }) => chained(swap('s', grouped(add('a', 1, 2), add('b', 3, 4))), total('c')),
    python: "chain(swap('s', group(add('a', 1, 2), add('b', 3, 4))), total('c'))",
    value: 10,
    before: [[3, 7]],
    runs: { s: null, a: ['s'], b: ['s'], c: ['s'] },
    chord: true,
  },
  {
    name: 'a chord in the place of a part, and a task in the place of a body',
    ts: ({ add, swap, total, note }) =>
      chorded(
        [swap('s', chorded([add('a', 1, 2), add('b', 3, 4)], total('c'))), add('d', 1, 1)],
        swap('t', note('e', 'x')).set({ immutable: true }),
      ),
    python:
      "chord([swap('s', chord([add('a', 1, 2), add('b', 3, 4)], total('c'))), add('d', 1, 1)], swap('t', note('e', 'x')).set(immutable=True))",
    value: 'x',
    runs: {
      s: null,
      a: ['s', 'c'],
      b: ['s', 'c'],
      c: ['a', 'b'],
      d: null,
      t: ['s', 'c', 'd'],
      e: ['t', 'e'],
    },
    chord: true,
  },
  {
    name: 'a task that fails in the place of a part',
    ts: ({ add, swap, fail, total }) => chorded([swap('s', fail('f')), add('a', 1, 1)], total('c')),
    python: "chord([swap('s', fail('f')), add('a', 1, 1)], total('c'))",
    value: BROKEN,
    runs: { s: null, f: ['s', 'f'], a: null },
    chord: true,
  },
];

const replaced = ofReplaced.map((form) => ({ ...form, replaces: true }));

export const FORMS: readonly Form[] = [...simple, ...failing, ...chords, ...replaced];
