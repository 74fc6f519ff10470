import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock, ToolboxError } from '../../../src/base/index.js';
import { AsyncResult, GroupResult, resultFromTuple } from '../../../src/results/index.js';
import { MemoryResultBackend } from '../../../src/results/memory/index.js';
import {
  failure,
  revoked,
  started,
  success,
} from '../../../src/testing/conformance/result-backends-bench.js';

const backend = new MemoryResultBackend({ options: {}, clock: systemClock });
const options = { backend: async () => backend };
const newResult = <T = unknown>(parent?: AsyncResult): AsyncResult<T> =>
  new AsyncResult<T>(randomUUID(), parent ? { ...options, parent } : options);

describe('AsyncResult', () => {
  it('asks nothing of the backend until a method is called', async () => {
    const untouched = new AsyncResult('x', { backend: () => Promise.reject(new Error('asked')) });
    expect(untouched.asTuple()).toEqual([['x', null], null]);
    await expect(untouched.state()).rejects.toThrow('asked');
  });

  it('tells what is known', async () => {
    const result = newResult();
    expect([await result.state(), await result.ready()]).toEqual(['PENDING', false]);
    await backend.store(started(result.id));
    expect([await result.state(), await result.ready()]).toEqual(['STARTED', false]);
    await backend.store(success(result.id, 1));
    expect([await result.ready(), await result.successful(), await result.failed()]).toEqual([
      true,
      true,
      false,
    ]);
    await result.forget();
    expect(await result.state()).toBe('PENDING');
  });

  it('throws a failure as data', async () => {
    const result = newResult();
    await backend.store(failure(result.id, 'bad', 1));
    await expect(result.get()).rejects.toMatchObject({
      name: 'ToolboxError',
      code: 'TASK_FAILED',
      message: `Task ${result.id} failed: ValueError: bad, 1`,
      fields: { taskId: result.id, type: 'ValueError', module: 'builtins', args: ['bad', 1] },
    });
    expect(await result.get({ propagate: false })).toBeInstanceOf(ToolboxError);
    expect(await result.failed()).toBe(true);
  });

  it('throws TASK_REVOKED for a revoked task', async () => {
    const result = newResult();
    await backend.store(revoked(result.id, 'expired'));
    await expect(result.get()).rejects.toMatchObject({ code: 'TASK_REVOKED', fields: { args: ['expired'] } });
  });

  it('says which task it waited for, in which state, and how long', async () => {
    const result = newResult();
    await backend.store(started(result.id));
    await expect(result.get({ timeout: 0.05 })).rejects.toMatchObject({
      code: 'RESULT_TIMEOUT',
      message: expect.stringMatching(new RegExp(`${result.id} \\(state STARTED\\).* 0\\.05 s`)),
      fields: { taskIds: [result.id], seconds: 0.05 },
    });
  });

  it('times out also while the backend cannot be reached', async () => {
    const result = new AsyncResult('x', { backend: () => new Promise(() => {}) });
    await expect(result.get({ timeout: 0.05 })).rejects.toMatchObject({ code: 'RESULT_TIMEOUT' });
  });

  it('ends the wait with the caller’s signal, before and while waiting', async () => {
    const reason = new Error('shut down');
    await expect(newResult().get({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: reason,
    });
    const controller = new AbortController();
    const waiting = newResult().get({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
  });

  it('prefers a value that is there to a signal that comes later', async () => {
    const result = newResult();
    await backend.store(success(result.id, 'there'));
    expect(await result.get({ timeout: 5, signal: new AbortController().signal })).toBe('there');
  });

  it('rejects when an earlier task of its chain has failed, and not when told not to', async () => {
    const first = newResult();
    const last = newResult(newResult(first));
    const waiting = last.get({ timeout: 10 });
    await backend.store(revoked(first.id));
    await expect(waiting).rejects.toMatchObject({ code: 'TASK_REVOKED', fields: { taskId: first.id } });
    await expect(last.get({ timeout: 0.05, propagate: false })).rejects.toMatchObject({
      code: 'RESULT_TIMEOUT',
    });
  });

  it('needs a backend', async () => {
    const result = new AsyncResult('x', { backend: async () => undefined });
    await expect(result.get()).rejects.toMatchObject({ code: 'RESULT_DISABLED' });
    await expect(result.state()).rejects.toMatchObject({ code: 'RESULT_DISABLED' });
  });

  it('goes through its tuple', () => {
    const result = newResult(newResult());
    expect(result.asTuple()).toEqual([[result.id, [[result.parent?.id, null], null]], null]);
    expect(resultFromTuple(result.asTuple(), options).asTuple()).toEqual(result.asTuple());
  });
});

describe('GroupResult', () => {
  const newGroup = (size: number): GroupResult<number> =>
    new GroupResult<number>(
      randomUUID(),
      Array.from({ length: size }, () => newResult<number>()),
      options,
    );

  it('counts', async () => {
    const group = newGroup(3);
    const [one, two, three] = group.results.map((result) => result.id) as [string, string, string];
    await backend.store(success(one, 1));
    expect([await group.completedCount(), await group.ready()]).toEqual([1, false]);
    await backend.store(failure(two));
    await backend.store(revoked(three));
    expect([
      await group.completedCount(),
      await group.ready(),
      await group.successful(),
      await group.failed(),
    ]).toEqual([1, true, false, true]);
    await group.forget();
    expect(await group.completedCount()).toBe(0);
  });

  it('resolves failed members with their errors when told to', async () => {
    const group = newGroup(2);
    const [one, two] = group.results.map((result) => result.id) as [string, string];
    await backend.store(success(one, 1));
    await backend.store(failure(two));
    expect(await group.join({ propagate: false, timeout: 5 })).toEqual([1, expect.any(ToolboxError)]);
    await expect(group.join({ timeout: 5 })).rejects.toMatchObject({ code: 'TASK_FAILED' });
  });

  it('is done when it has no members', async () => {
    expect(await newGroup(0).get()).toEqual([]);
    expect(await newGroup(0).ready()).toBe(true);
  });

  it('names the members it still waits for', async () => {
    const group = newGroup(3);
    await backend.store(success(group.results[0]?.id as string, 1));
    await expect(group.get({ timeout: 0.05 })).rejects.toMatchObject({
      code: 'RESULT_TIMEOUT',
      fields: { taskIds: group.results.slice(1).map((result) => result.id) },
    });
  });

  it('is restored from nowhere as undefined', async () => {
    expect(await GroupResult.restore(randomUUID(), options)).toBeUndefined();
  });
});
