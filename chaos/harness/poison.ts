import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { OutgoingMessage } from '../../src/messaging/index.js';

/** A kind of message that nobody can process. */
export interface Poison {
  readonly row: string;
  readonly kind: string;
  readonly message: () => Partial<OutgoingMessage>;
}

const text = (body: string): Uint8Array => new TextEncoder().encode(body);
const good = '[[], {}, {"callbacks": null, "errbacks": null, "chain": null, "chord": null}]';
const headers = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  task: 'chaos.work',
  id: randomUUID(),
  ...more,
});
const body = (row: string, kind: string, made: string | Uint8Array): Poison => ({
  row,
  kind,
  message: () => ({ body: typeof made === 'string' ? text(made) : made, headers: headers() }),
});
const header = (kind: string, more: Record<string, unknown>): Poison => ({
  row: 'F58',
  kind,
  message: () => ({ headers: headers(more) }),
});

/** `os.system('touch /tmp/...')` as a pickle that runs it. */
const REDUCE = (path: string): string => `cos\nsystem\n(S'touch ${path}'\ntR.`;
export const CANARY = `/tmp/chaos-canary-${process.pid}`;

export const POISONS: readonly Poison[] = [
  body('F47', 'broken JSON', '[[1, 2'),
  body('F47', 'empty', ''),
  body('F47', 'two values', '[[], {}, null] 1'),
  body('F48', 'not UTF-8', new Uint8Array([0x5b, 0xff, 0xfe, 0x5d])),
  {
    row: 'F49',
    kind: 'unknown content type',
    message: () => ({ contentType: 'application/x-nobody', headers: headers() }),
  },
  {
    row: 'F49',
    kind: 'unknown compression',
    message: () => ({ headers: headers({ compression: 'application/x-nobody' }) }),
  },
  {
    row: 'F50',
    kind: 'pickle that calls',
    message: () => ({
      body: text(REDUCE(CANARY)),
      contentType: 'application/x-python-serialize',
      contentEncoding: 'binary',
      headers: headers(),
    }),
  },
  body('F52', 'nested 1,000 deep', `${'['.repeat(1_000)}${']'.repeat(1_000)}`),
  body('F52', 'nested 50,000 deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  body('F57', 'an object instead of a list', '{"a": 1}'),
  body('F57', 'two elements', '[[], {}]'),
  body('F57', 'keywords in a list', '[[], [], null]'),
  body('F57', 'embed is a text', '[[], {}, "x"]'),
  header('no id', { id: null }),
  header('id is a list', { id: [1] }),
  header('retries is a text', { retries: 'x' }),
  header('ETA is no time', { eta: 'tomorrow' }),
  header('time limit is a number', { timelimit: 3 }),
  {
    row: 'F59',
    kind: 'zlib bomb',
    message: () => ({ body: BOMB, headers: headers({ compression: 'application/x-gzip' }) }),
  },
];

const BOMB = deflateSync(Buffer.alloc(64 * 2 ** 20));

export const poisoned = ({ message }: Poison): OutgoingMessage => ({
  body: text(good),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: {},
  properties: {},
  ...message(),
});
