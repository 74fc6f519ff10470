import type { Redis } from 'ioredis';
import type { SignatureData, TaskRequest } from '../../../src/app/index.js';
import { type AnySignature, type StampingVisitor, signature } from '../../../src/canvas/index.js';
import { type Celery, currentTask } from '../../../src/index.js';

/** One run of a task, as the task itself noted it. */
export interface Ran {
  readonly label: string;
  readonly id: string | null;
  readonly parent: string | null;
  readonly root?: string;
  readonly group?: string | null;
  readonly stamps?: Readonly<Record<string, unknown>>;
  readonly given?: unknown;
}

const PLAIN = ['add', 'total', 'note', 'fail', 'flaky', 'swap', 'grow', 'called'] as const;
export type Name = (typeof PLAIN)[number];

/** The tasks of peer.py, as a worker in TypeScript has them. */
export function defineTasks(app: Celery, runs: Redis, queues: readonly string[]): void {
  const note = (tag: string, ran: Ran): Promise<number> => runs.rpush(`canvas:${tag}`, JSON.stringify(ran));
  const record = async (tag: string, label: string, more: Partial<Ran> = {}): Promise<void> => {
    const { id = '', parentId = null, rootId = '', request } = currentTask() ?? {};
    const { groupId: group = null, stamps = {} } = request ?? {};
    await note(tag, { label, id, parent: parentId, root: rootId, group, stamps, ...more });
  };
  for (const queue of queues) {
    app.task(`${queue}.add`, async (x: number, y: number, tag: string = '', label: string = '') => {
      if (tag !== '') await record(tag, label);
      return x + y;
    });
    app.task(`${queue}.total`, async (values: number[], tag: string, label: string) => {
      await record(tag, label);
      return values.reduce((sum, value) => sum + value, 0);
    });
    app.task(`${queue}.note`, async (value: unknown, tag: string = '', label: string = '') => {
      await record(tag, label, { given: value });
      return value;
    });
    app.task(`${queue}.fail`, async (_value: unknown = null, tag: string = '', label: string = '') => {
      await record(tag, label);
      throw new RangeError('bad');
    });
    app.task(`${queue}.flaky`, { bind: true }, async (task, value: unknown, tag: string, label: string) => {
      await record(tag, label);
      if (task.retries === 0) task.retry({ error: new RangeError('not yet'), countdown: 0 });
      return value;
    });
    app.task(
      `${queue}.swap`,
      { bind: true },
      async (task, sig: SignatureData, tag: string, label: string) => {
        await record(tag, label);
        return task.replace(sig);
      },
    );
    app.task(
      `${queue}.grow`,
      { bind: true },
      async (task, value: unknown, sig: SignatureData, tag: string, label: string) => {
        await record(tag, label);
        await task.addToChord(sig);
        return value;
      },
    );
    app.task(
      `${queue}.called`,
      async (request: TaskRequest, error: unknown, _traceback: string | null, tag: string, label: string) => {
        await note(tag, { label, id: null, parent: request.id, given: (error as Error).message });
      },
    );
  }
}

/** What forms are made of: signatures that carry their tag and label. */
export type Words = Readonly<Record<Name, (label: string, ...args: unknown[]) => AnySignature>> & {
  readonly over: (kind: 'map' | 'starmap' | 'chunks', kwargs: object) => AnySignature;
};

export function wordsOf(app: Celery | undefined, queue: string, tag: string): Words {
  const word =
    (name: Name) =>
    (label: string, ...args: unknown[]) =>
      signature(app, `${queue}.${name}`, { args, kwargs: { tag, label } });
  const words = Object.fromEntries(PLAIN.map((name) => [name, word(name)])) as Record<
    Name,
    ReturnType<typeof word>
  >;
  const task = signature(app, `${queue}.add`);
  return {
    ...words,
    over: (kind, kwargs) =>
      signature(app, `celery.${kind}`, { kwargs: { task, ...kwargs }, immutable: true }),
  };
}

/** The same as that of peer.py. */
const visitor: StampingVisitor = {
  onSignature: ({ task }) => ({ short: task.split('.')[1] }),
  onChainStart: () => ({ in_chain: true }),
  onCallback: () => ({ back: true }),
};

export const stamped = (sig: AnySignature): AnySignature => sig.stamp(visitor, { stamps: { who: 'me' } });
