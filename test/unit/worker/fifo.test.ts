import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../../../src/worker/execution/fifo.js';

test('behaves as an array that is shifted', () => {
  const step = fc.oneof(fc.nat({ max: 3_000 }), fc.constant('shift' as const), fc.constant('drain' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new Fifo<number>();
      const model: number[] = [];
      for (const what of steps) {
        if (what === 'drain') expect(line.drain()).toEqual(model.splice(0));
        else if (what === 'shift')
          for (let i = 0; i < 1_500; i += 1) expect(line.shift()).toBe(model.shift());
        else
          for (let i = 0; i < what; i += 1) {
            line.push(i);
            model.push(i);
          }
        expect(line.size).toBe(model.length);
      }
    }),
    { numRuns: 30 },
  );
});
