import { describe, expect, test } from 'vitest';
import { Presence, type Runner } from '../../../../src/platform/reconciler/presence.js';

const SECOND = 1000;
const runner = (given: Partial<Runner> = {}): Runner => ({
  hostname: 'export@here',
  instance: 'bus.one',
  freq: 2,
  ...given,
});

/** Someone who listens, sends an echo every second, and hears it unless told otherwise. */
function listening() {
  const presence = new Presence({ silenceMs: 10 * SECOND, echoMs: 3 * SECOND });
  let now = 0;
  const pass = (seconds: number, { deaf = false, beats = [] as readonly Runner[] } = {}): void => {
    for (let n = 0; n < seconds; n += 1) {
      now += SECOND;
      for (const { hostname, instance, freq } of beats) presence.hear(hostname, instance, freq, now);
      const echo = presence.nextEcho(now);
      if (!deaf) presence.echoed(echo);
    }
  };
  return {
    presence,
    pass,
    now: () => now,
    isGone: (who: Runner, since = 0) => presence.isGone(who, since, now),
  };
}

describe('a worker is gone', () => {
  test('when it was heard, and is silent for longer than allowed', () => {
    const { pass, isGone } = listening();
    pass(5, { beats: [runner()] });
    pass(10);
    expect(isGone(runner())).toBe(false);
    pass(1);
    expect(isGone(runner())).toBe(true);
  });

  test('when nobody ever heard of it, once that would have been long enough', () => {
    const { pass, isGone } = listening();
    pass(11);
    expect(isGone(runner())).toBe(false);
    pass(1);
    expect(isGone(runner())).toBe(true);
  });

  test('although another start of it, or one of its name, lives', () => {
    const { pass, isGone } = listening();
    pass(1, { beats: [runner()] });
    pass(12, { beats: [runner({ instance: 'bus.two' })] });
    expect(isGone(runner())).toBe(true);
    expect(isGone(runner({ instance: 'bus.two' }))).toBe(false);
  });

  test('known by its name only, when nobody of that name lives', () => {
    const { pass, isGone } = listening();
    const python = runner({ instance: undefined, freq: undefined });
    pass(12, { beats: [runner({ instance: 'bus.two' })] });
    expect(isGone(python)).toBe(false);
    pass(11);
    expect(isGone(python)).toBe(true);
  });
});

describe('a worker is not gone', () => {
  test('while it beats, however long', () => {
    const { pass, isGone } = listening();
    pass(100, { beats: [runner()] });
    expect(isGone(runner())).toBe(false);
  });

  test('before it has missed three of its own heartbeats, said by itself or by the row', () => {
    const { pass, isGone } = listening();
    pass(1, { beats: [runner({ freq: 20 }), runner({ instance: 'bus.two', freq: undefined })] });
    pass(60);
    expect(isGone(runner({ freq: undefined }))).toBe(false);
    expect(isGone(runner({ instance: 'bus.two', freq: 20 }))).toBe(false);
    pass(1);
    expect(isGone(runner({ freq: undefined }))).toBe(true);
  });

  test('when its task was begun a moment ago', () => {
    const { pass, isGone, now } = listening();
    pass(100);
    expect(isGone(runner(), now() - 10 * SECOND)).toBe(false);
  });

  test('while we cannot hear ourselves', () => {
    const { pass, isGone } = listening();
    pass(5, { beats: [runner()] });
    pass(100, { deaf: true });
    expect(isGone(runner())).toBe(false);
  });

  test('until we have listened long enough after a time when we could not', () => {
    const { presence, pass, isGone } = listening();
    pass(5, { beats: [runner()] });
    pass(100, { deaf: true });
    pass(11);
    expect(isGone(runner())).toBe(false);
    expect(presence.heardForMs).toBe(10 * SECOND);
    pass(1);
    expect(isGone(runner())).toBe(true);
  });

  test('when our own process stood still: what we know is as old as the last echo', () => {
    const { presence, pass, isGone, now } = listening();
    pass(20, { beats: [runner()] });
    expect(presence.isGone(runner(), 0, now() + 3600 * SECOND)).toBe(false);
    expect(isGone(runner())).toBe(false);
  });
});

test('an echo of another time, or of nobody, says nothing', () => {
  const presence = new Presence({ silenceMs: 10 * SECOND, echoMs: 3 * SECOND });
  presence.echoed(7);
  expect(presence.isSure(0)).toBe(false);
  const echo = presence.nextEcho(0);
  presence.echoed(echo);
  presence.echoed(echo);
  expect(presence.isSure(3 * SECOND)).toBe(true);
  expect(presence.isSure(3 * SECOND + 1)).toBe(false);
});
