import { deepStrictEqual, ok } from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Coordination } from '../../coordination/index.js';
import type { TestRunner } from './transports.js';

export interface CoordinationSuiteOptions {
  /** Opens the same, empty place each time it is called within one case; `nth` differs for each case. The suite closes it. */
  readonly create: (nth: number) => Promise<Coordination>;
  readonly runner: TestRunner;
}

const TTL_MS = 300;
const LONG_MS = 60_000;

const CASES: Readonly<Record<string, (one: Coordination, other: Coordination) => Promise<void>>> = {
  'gives a lock to one, who may ask again, and gives it back': async (one, other) => {
    deepStrictEqual(await one.acquire('a', 'first', LONG_MS), { held: true });
    deepStrictEqual(await other.acquire('a', 'first', LONG_MS), { held: true });
    const refused = await other.acquire('a', 'second', LONG_MS);
    ok(!refused.held && refused.holder === 'first');
    ok(refused.freeInMs > LONG_MS / 2 && refused.freeInMs <= LONG_MS);
    deepStrictEqual(await other.acquire('b', 'second', LONG_MS), { held: true });
    deepStrictEqual(await other.release('a', 'second'), false);
    deepStrictEqual(await other.release('a', 'first'), true);
    deepStrictEqual(await one.release('a', 'first'), false);
    deepStrictEqual(await other.acquire('a', 'second', LONG_MS), { held: true });
  },

  'of many that ask at once one gets the lock': async (one, other) => {
    const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).acquire('a', `${n}`, LONG_MS));
    const answers = await Promise.all(asked);
    deepStrictEqual(answers.filter(({ held }) => held).length, 1);
  },

  'lets a lock go when its time is up, and keeps it when that was prolonged': async (one, other) => {
    await one.acquire('lost', 'first', TTL_MS);
    await one.acquire('kept', 'first', TTL_MS);
    await one.acquire('kept', 'first', LONG_MS);
    await one.acquire('shortened', 'first', LONG_MS);
    await one.acquire('shortened', 'first', TTL_MS);
    await wait(TTL_MS + 50);
    deepStrictEqual(await other.acquire('lost', 'second', LONG_MS), { held: true });
    deepStrictEqual(await other.acquire('shortened', 'second', LONG_MS), { held: true });
    ok(!(await other.acquire('kept', 'second', LONG_MS)).held);
    deepStrictEqual(await one.release('lost', 'first'), false, 'what was lost is not given back');
    ok(!(await one.acquire('lost', 'first', LONG_MS)).held);
  },

  'gives turns one after another, over everybody who asks, up to the longest wait': async (one, other) => {
    const every = 10_000;
    const asked = Array.from({ length: 6 }, (_, n) => (n % 2 ? one : other).turn('a', every, 4.5 * every));
    const answers = await Promise.all(asked);
    const taken = answers.filter((answer) => answer.taken).map(({ waitMs }) => waitMs);
    deepStrictEqual(taken.map((ms) => Math.round(ms / every)).sort(), [0, 1, 2, 3, 4]);
    const refused = answers.filter((answer) => !answer.taken);
    deepStrictEqual(
      refused.map(({ waitMs }) => Math.round(waitMs / every)),
      [5],
    );
    deepStrictEqual(await other.turn('b', every, 0), { taken: true, waitMs: 0 });
  },

  'counts from now when nobody has asked for a while': async (one, other) => {
    await one.turn('a', 100, 0);
    await wait(150);
    deepStrictEqual(await other.turn('a', 100, 0), { taken: true, waitMs: 0 });
    const next = await one.turn('a', 100, 1000);
    ok(next.taken && next.waitMs > 20 && next.waitMs <= 100, `${next.waitMs} ms`);
  },

  'takes names and tokens of any sort': async (one, other) => {
    const odd = 'mail.send:{"to":"ä\'\\"\n%s"}:*';
    deepStrictEqual(await one.acquire(odd, odd, LONG_MS), { held: true });
    const refused = await other.acquire(odd, 'x', LONG_MS);
    ok(!refused.held && refused.holder === odd);
    deepStrictEqual(await other.turn(odd, 100, 0), { taken: true, waitMs: 0 });
  },
};

/** What every place for locks and lines does. */
export function exerciseCoordination(name: string, { create, runner }: CoordinationSuiteOptions): void {
  const { describe, it } = runner;
  let nth = 0;
  describe(`coordination: ${name}`, () => {
    for (const [promise, run] of Object.entries(CASES)) {
      it(promise, async () => {
        nth += 1;
        const [one, other] = [await create(nth), await create(nth)];
        try {
          await run(one, other);
        } finally {
          await Promise.all([one.close(), other.close()]);
        }
      });
    }
  });
}
