import { beforeAll, describe, expect, it } from 'vitest';
import { decodeTaskMessage, type TaskMessage } from '../../../src/app/index.js';
import { chain } from '../../../src/canvas/index.js';
import type { Delivery } from '../../../src/messaging/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { arithmetic, randomCanvases } from '../../support/random-canvas.js';
import { recordingApp, type Sent } from '../../unit/app/recording.js';
import { askPython, type PeerMessage, type RunAnswer } from './peer.js';
import { shapesOf } from './shapes.js';

const python = celeryPython();
if (!python && process.env.CI) throw new Error(NO_PYTHON);

const toPeer = ({ message }: Sent): PeerMessage => ({
  headers: message.headers,
  properties: message.properties,
  contentType: message.contentType,
  contentEncoding: message.contentEncoding,
  body: Buffer.from(message.body).toString('base64'),
});

/** The messages a shape makes us send. */
async function ours(shape: string): Promise<PeerMessage[]> {
  const { app, transport } = recordingApp();
  await shapesOf(app)[shape]?.();
  return transport.sent.map(toPeer);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Differ by design: the language, the node, the moment, tuples that our lists print as lists. */
const APART = new Set([
  'lang',
  'origin',
  'reply_to',
  'argsrepr',
  'kwargsrepr',
  '_chord_unlock_exchange_type',
]);

/** A message without what must differ: names of ids in order of appearance, keys sorted, absent as null. */
function comparable(messages: readonly PeerMessage[]): unknown {
  const plain = messages.map(({ headers, properties, body }) => {
    const [args, kwargs, embed] = JSON.parse(Buffer.from(body, 'base64').toString()) as [
      unknown,
      unknown,
      unknown,
    ];
    const eta = headers['task'] === 'celery.chord_unlock' ? 'soon' : headers['eta'];
    const expiration = typeof properties['expiration'] === 'string' ? 'some' : undefined;
    return sorted({
      headers: { ...headers, eta },
      properties: { priority: 0, ...properties, expiration },
      args,
      kwargs,
      embed,
    });
  });
  const names = new Map<string, string>();
  const text = JSON.stringify(plain).replace(UUID, (id) => {
    const name = names.get(id) ?? `#${names.size + 1}`;
    names.set(id, name);
    return name;
  });
  return JSON.parse(text);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(
    ([key, item]) => !APART.has(key) && item !== null && item !== undefined,
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => a.localeCompare(b)).map(([key, item]) => [key, sorted(item)]),
  );
}

const delivery = ({ headers, properties, contentType, contentEncoding, body }: PeerMessage): Delivery => ({
  headers,
  properties,
  contentType,
  contentEncoding,
  body: Buffer.from(body, 'base64'),
  info: { queue: 'celery', exchange: '', routingKey: 'celery', redelivered: false, priority: null },
  lost: new AbortController().signal,
  ack: async () => {},
  reject: async () => {},
  release: async () => {},
});

const read = (message: PeerMessage): Promise<TaskMessage> => {
  const { app } = recordingApp();
  return decodeTaskMessage(delivery(message), { serializers: app.serializers, accept: ['json'] });
};

describe.skipIf(!python)(`Messages of calls and canvases${python ? '' : ` (${NO_PYTHON})`}`, () => {
  let theirs: Record<string, PeerMessage[]>;

  beforeAll(async () => {
    theirs = await askPython(python ?? '', { produce: null });
  });

  it.each(Object.keys(shapesOf(recordingApp().app)).filter((shape) => shape !== 'by wire form'))(
    'are the same as Python sends: %s',
    async (shape) => {
      expect(theirs[shape]?.length).toBeGreaterThan(0);
      expect(comparable(await ours(shape))).toEqual(comparable(theirs[shape] ?? []));
    },
  );

  it('print arguments as Python does', async () => {
    for (const shape of ['plain', 'keywords', 'options', 'unicode']) {
      const [mine, python] = [await ours(shape), theirs[shape] ?? []].map(
        (messages) => messages[0]?.headers ?? {},
      );
      expect([mine?.['argsrepr'], mine?.['kwargsrepr']]).toEqual([
        python?.['argsrepr'],
        python?.['kwargsrepr'],
      ]);
    }
  });

  it('are read, all of them, whoever sent them', async () => {
    for (const [shape, messages] of Object.entries(theirs)) {
      for (const message of messages) {
        const parsed = await read(message);
        expect(parsed.id, shape).toBe(message.properties['correlation_id']);
        expect(parsed.replyTo, shape).toBe(message.properties['reply_to']);
      }
    }
    for (const shape of Object.keys(shapesOf(recordingApp().app))) {
      for (const message of await ours(shape))
        expect((await read(message)).id, shape).toBe(message.properties['correlation_id']);
    }
  });

  it('say the same in protocol 1', async () => {
    for (const shape of ['plain', 'keywords', 'links', 'chord']) {
      const [one, two] = await Promise.all(
        [theirs[`${shape}, protocol 1`], theirs[shape]].map((messages) =>
          Promise.all((messages ?? []).map(read)),
        ),
      );
      expect(one?.map(essence), shape).toEqual(two?.map(essence));
    }
    const [chained] = await Promise.all((theirs['chain of two, protocol 1'] ?? []).map(read));
    expect(chained?.embed.callbacks).toMatchObject([{ task: 'wt.add', args: [3] }]);
  });

  it('are run by a Python worker, with the results they should have', async () => {
    const expected: Record<string, unknown> = {
      plain: 3,
      keywords: 3,
      'chain of four': 6,
      'chain in chain': 15,
      'chain with id': 6,
      chord: 10,
      'chord of chains': 15,
      'group in chain': 10,
      'chord in chain': 13,
      'chord without header': 0,
      map: [3, 3],
      starmap: [3, 7],
      'by wire form': 6,
    };
    const sent = await Promise.all(
      Object.keys(expected).map(async (shape) => {
        const { app, transport } = recordingApp();
        const result = (await shapesOf(app)[shape]?.()) as { readonly id: string };
        return { shape, id: result.id, messages: transport.sent.map(toPeer) };
      }),
    );
    const answer = await askPython<RunAnswer>(python ?? '', {
      run: { messages: sent.flatMap(({ messages }) => messages), results: sent.map(({ id }) => id) },
    });
    const got = Object.fromEntries(sent.map(({ shape, id }) => [shape, answer.results[id]]));
    expect(got).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([shape, result]) => [shape, { state: 'SUCCESS', result }]),
      ),
    );
  });

  it('are run by a Python worker however they are nested', { timeout: 90_000 }, async () => {
    const sent = await Promise.all(
      randomCanvases(12, 20261123).map(async ({ build, value }) => {
        const { app, transport } = recordingApp();
        const tasks = arithmetic(app);
        const workflow = chain([tasks.add.s(1, 2), build(tasks)]);
        const { id } = (await workflow.applyAsync()) as { readonly id: string };
        return { workflow, id, expected: value(3), messages: transport.sent.map(toPeer) };
      }),
    );
    const { results } = await askPython<RunAnswer>(python ?? '', {
      run: { messages: sent.flatMap(({ messages }) => messages), results: sent.map(({ id }) => id) },
    });
    for (const { workflow, id, expected } of sent) {
      expect(results[id], JSON.stringify(workflow)).toEqual({ state: 'SUCCESS', result: expected });
    }
  });
});

/** What both protocols can say. */
function essence({ task, args, kwargs, retries, embed, eta }: TaskMessage): unknown {
  const { chord, callbacks, errbacks } = embed;
  const shape = JSON.stringify({ args, kwargs, chord, callbacks, errbacks }).replace(UUID, '#');
  return [task, retries, shape, eta === null];
}
