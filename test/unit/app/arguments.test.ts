import { describe, expect, it } from 'vitest';
import { bindArguments } from '../../../src/app/bind-arguments.js';
import { namedParameters, parametersOf } from '../../../src/app/parameters.js';

describe('parameters of a function', () => {
  // biome-ignore format: their own texts are what is read
  const fns: [string, (...args: never[]) => unknown, unknown][] = [
    ['arrow', (x: number, y: number) => x + y, { names: ['x', 'y'], required: 2, rest: false }],
    ['bare arrow', x => x, { names: ['x'], required: 1, rest: false }],
    ['async bare arrow', async $x_1 => $x_1, { names: ['$x_1'], required: 1, rest: false }],
    ['none', () => 1, { names: [], required: 0, rest: false }],
    ['defaults', (x: number, y = 2, z = ')') => [x, y, z], { names: ['x', 'y', 'z'], required: 1, rest: false }],
    ['nested defaults', (x = [1, (2)], y = { a: ',' }, z = () => 1) => [x, y, z], { names: ['x', 'y', 'z'], required: 0, rest: false }],
    ['rest', (x: number, ...more: number[]) => [x, more], { names: ['x'], required: 1, rest: true }],
    ['destructured', ({ a }: { a: number }, [b]: [number], c: number) => [a, b, c], { names: [null, null, 'c'], required: 3, rest: false }],
    ['function', async function named(a: number /* , z */, b = "/*", // c
      d = 1) { return [a, b, d]; }, { names: ['a', 'b', 'd'], required: 1, rest: false }],
    ['method', { run(a: number, b: number) { return a + b; } }.run, { names: ['a', 'b'], required: 2, rest: false }],
    ['computed method', { async ['a'](größe: number) { return größe; } }.a, { names: ['größe'], required: 1, rest: false }],
    ['generator', function* all(a: number) { yield a; }, { names: ['a'], required: 1, rest: false }],
  ];

  it.each(fns)('are read from its source: %s', (_name, fn, expected) => {
    expect(parametersOf(fn)).toEqual(expected);
  });

  it('cannot be read from native and bound ones', () => {
    expect(parametersOf(Math.max)).toBeUndefined();
    expect(parametersOf(((x: number) => x).bind(null))).toBeUndefined();
  });

  it('may be listed', () => {
    expect(namedParameters(['x', 'y?', '...more'])).toEqual({ names: ['x', 'y'], required: 1, rest: true });
  });
});

describe('arguments', () => {
  const bind = (names: string[], args: unknown[], kwargs: Record<string, unknown> = {}): unknown =>
    bindArguments('math.add', namedParameters(names), args, kwargs);

  it('are put in order', () => {
    expect(bind(['x', 'y'], [1, 2])).toEqual([1, 2]);
    expect(bind(['x', 'y'], [1], { y: 2 })).toEqual([1, 2]);
    expect(bind(['x', 'y'], [], { y: 2, x: 1 })).toEqual([1, 2]);
    expect(bind(['x', 'y?', 'z?'], [1], { z: 3 })).toEqual([1, undefined, 3]);
    expect(bind(['x', '...more'], [1, 2, 3])).toEqual([1, 2, 3]);
    expect(bind(['x', 'y'], [1, null])).toEqual([1, null]);
  });

  it.each<[string[], unknown[], Record<string, unknown>, string]>([
    [['x', 'y'], [1], {}, "add() missing 1 required positional argument: 'y'"],
    [['x', 'y'], [], {}, "add() missing 2 required positional arguments: 'x' and 'y'"],
    [['x', 'y', 'z'], [], {}, "add() missing 3 required positional arguments: 'x', 'y', and 'z'"],
    [['x', 'y'], [], { y: 1 }, "add() missing 1 required positional argument: 'x'"],
    [['x', 'y'], [1, 2, 3], {}, 'add() takes 2 positional arguments but 3 were given'],
    [[], [1], {}, 'add() takes 0 positional arguments but 1 was given'],
    [['x'], [1, 2], {}, 'add() takes 1 positional argument but 2 were given'],
    [['x', 'y?'], [1, 2, 3], {}, 'add() takes from 1 to 2 positional arguments but 3 were given'],
    [['x?'], [1, 2], {}, 'add() takes from 0 to 1 positional arguments but 2 were given'],
    [['x'], [1], { z: 1 }, "add() got an unexpected keyword argument 'z'"],
    [['x'], [1], { x: 1 }, "add() got multiple values for argument 'x'"],
  ])('are refused in words of Python: %j %j %j', (names, args, kwargs, message) => {
    expect(() => bind(names, args, kwargs)).toThrow(
      expect.objectContaining({ code: 'TASK_ARGUMENTS', message }) as Error,
    );
  });
});
