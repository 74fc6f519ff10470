import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { OutgoingMessage } from '../../../src/messaging/index.js';
import type { CaseTable } from './case-table.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const id = (): string => randomUUID();

/** Messages nobody can process, each with the word it is filed under. */
const POISON: readonly (readonly [code: string, message: () => Partial<OutgoingMessage>])[] = [
  ['decode', () => ({ headers: { task: 'echo', id: id() }, body: bytes('[[1], {') })],
  ['decode', () => ({ headers: { task: 'echo', id: id() }, body: Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d) })],
  ['message', () => ({ headers: {}, body: bytes('"hello"') })],
  ['message', () => ({ headers: { task: 'echo', id: id() }, body: bytes('[[1], {}]') })],
  ['message', () => ({ headers: { task: 'echo', id: id() }, body: bytes('[[1], [], null]') })],
  ['message', () => ({ headers: { task: 'echo' } })],
  ['message', () => ({ headers: { task: 'echo', id: 'x'.repeat(300) } })],
  ['message', () => ({ headers: { task: 'echo', id: id(), eta: 'soon' } })],
  [
    'content-type',
    () => ({ headers: { task: 'echo', id: id() }, contentType: 'application/x-python-serialize' }),
  ],
  [
    'budget',
    () => ({
      headers: { task: 'echo', id: id() },
      body: bytes(`[[${'['.repeat(999)}${']'.repeat(999)}],{},null]`),
    }),
  ],
];

/** What comes off the wire. */
export const intakeCases: CaseTable = {
  'sets aside what nobody can process, and runs everything else': async (system) => {
    const app = system.app();
    const worker = await system.worker(app);
    const rejected: string[] = [];
    app.signals.on('task_rejected', ({ queue }) => void rejected.push(queue));
    const good: string[] = [];
    for (let i = 0; i < 100; i += 1) {
      const [, poison] = POISON[i % POISON.length] ?? POISON[0]!;
      const [, sent] = await Promise.all([system.publish(app, poison()), system.call(app, 'echo', [i])]);
      good.push(sent);
    }
    const metas = await Promise.all(good.map((one) => system.ended(app, one)));
    expect(metas.map(({ result }) => result)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await worker.stop();
    expect(system.quarantined).toHaveLength(100);
    const codes = (list: readonly string[]) => [...list].sort();
    expect(codes(system.quarantined.map(({ code }) => code))).toEqual(
      codes(Array.from({ length: 100 }, (_, i) => POISON[i % POISON.length]![0])),
    );
    expect(rejected).toEqual(Array(100).fill(system.queue));
    expect(await (await app.broker()).size(system.queue)).toBe(0);
  },

  'keeps the bytes of what it sets aside': async (system) => {
    const app = system.app();
    const body = bytes('[[1], {');
    await system.worker(app);
    const rejected = system.signal(app, 'task_rejected');
    const taskId = id();
    await system.publish(app, { headers: { task: 'echo', id: taskId }, body });
    expect(await rejected).toMatchObject({ id: taskId, queue: system.queue });
    const [one] = system.quarantined;
    expect(one).toMatchObject({ queue: system.queue, code: 'decode', headers: { id: taskId } });
    expect(Buffer.from(one?.bytes ?? [])).toEqual(Buffer.from(body));
  },

  'leaves a message in its queue when quarantine cannot take it': async (system) => {
    const app = system.app();
    const worker = await system.worker(app, {
      quarantine: { put: () => Promise.reject(new Error('disk full')) },
    });
    await system.publish(app, { headers: { task: 'echo', id: id() }, body: bytes('[') });
    expect((await system.ended(app, await system.call(app, 'noop'))).status).toBe('SUCCESS');
    await worker.stop();
    const kept = await system.worker(system.app());
    const seen = new Promise<void>((resolve) => {
      const look = (): void => void (system.quarantined.length > 0 ? resolve() : setTimeout(look, 20));
      look();
    });
    // Brokers that can delay bring it again after half a minute: there its being in the queue is enough.
    const { maxParkSeconds } = (await app.broker()).capabilities;
    if (maxParkSeconds === 0) await seen;
    expect(kept.state).toBe('running');
  },

  'records a task nobody registered': async (system) => {
    const app = system.app();
    const worker = await system.worker(app);
    const unknown = system.signal(app, 'task_unknown');
    const taskId = await system.call(app, 'no.such', [], { ignore_result: true });
    expect(await system.ended(app, taskId)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'NotRegistered', exc_message: ['no.such'], exc_module: 'celery.exceptions' },
      traceback: null,
    });
    expect(await unknown).toEqual({ task: 'no.such', id: taskId });
    await worker.stop();
    expect(await (await app.broker()).size(system.queue)).toBe(0);
  },

  'fails a call whose arguments do not fit': async (system) => {
    const app = system.app();
    await system.worker(app);
    const taskId = await system.call(app, 'add', [1, 2, 3]);
    expect(await system.ended(app, taskId)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TypeError', exc_module: 'builtins' },
    });
  },

  'reads messages of protocol 1': async (system) => {
    const app = system.app();
    await system.worker(app);
    const taskId = id();
    await system.publish(app, {
      body: bytes(JSON.stringify({ task: 'add', id: taskId, args: [4], kwargs: { y: 5 } })),
    });
    expect(await system.ended(app, taskId)).toMatchObject({ status: 'SUCCESS', result: 9 });
  },
};
