import { describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../../src/base/index.js';

interface Signals {
  prerun: { id: string };
  postrun: { id: string };
}

describe('Emitter', () => {
  it('calls listeners in order of connection, each after the one before has ended', async () => {
    const emitter = new Emitter<Signals>();
    const calls: string[] = [];
    emitter.on('prerun', async ({ id }) => {
      await new Promise(setImmediate);
      calls.push(`first ${id}`);
    });
    emitter.on('prerun', ({ id }) => void calls.push(`second ${id}`));
    emitter.on('postrun', () => void calls.push('other'));
    await emitter.send('prerun', { id: 'a' });
    expect(calls).toEqual(['first a', 'second a']);
  });

  it('reports a listener that throws or rejects, and goes on', async () => {
    const onError = vi.fn();
    const emitter = new Emitter<Signals>(onError);
    const last = vi.fn();
    const [thrown, rejected] = [new Error('thrown'), new Error('rejected')];
    emitter.on('prerun', () => {
      throw thrown;
    });
    emitter.on('prerun', () => Promise.reject(rejected));
    emitter.on('prerun', last);
    await emitter.send('prerun', { id: 'a' });
    expect(onError.mock.calls).toEqual([
      [thrown, 'prerun'],
      [rejected, 'prerun'],
    ]);
    expect(last).toHaveBeenCalledTimes(1);
  });

  it('never rejects, not even when the reporter fails', async () => {
    const emitter = new Emitter<Signals>(() => {
      throw new Error('reporter');
    });
    const last = vi.fn();
    emitter.on('prerun', () => Promise.reject(new Error('listener')));
    emitter.on('prerun', last);
    await expect(emitter.send('prerun', { id: 'a' })).resolves.toBeUndefined();
    expect(last).toHaveBeenCalledTimes(1);
  });

  it('knows whether someone listens', () => {
    const emitter = new Emitter<Signals>();
    expect(emitter.has('prerun')).toBe(false);
    const off = emitter.on('prerun', () => {});
    expect([emitter.has('prerun'), emitter.has('postrun')]).toEqual([true, false]);
    off();
    off();
    expect(emitter.has('prerun')).toBe(false);
  });

  it('connects the same listener once', async () => {
    const emitter = new Emitter<Signals>();
    const listener = vi.fn();
    emitter.on('prerun', listener);
    emitter.on('prerun', listener);
    await emitter.send('prerun', { id: 'a' });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('is not disturbed by listeners that connect and disconnect while a signal is under way', async () => {
    const emitter = new Emitter<Signals>();
    const late = vi.fn();
    const second = vi.fn();
    const off = emitter.on('prerun', () => {
      off();
      emitter.on('prerun', late);
    });
    emitter.on('prerun', second);
    await emitter.send('prerun', { id: 'a' });
    expect([late, second].map((fn) => fn.mock.calls.length)).toEqual([0, 1]);
    await emitter.send('prerun', { id: 'b' });
    expect([late, second].map((fn) => fn.mock.calls.length)).toEqual([1, 2]);
  });
});
