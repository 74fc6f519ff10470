import { describe, expect, it } from 'vitest';
import { entryEnding, envelopeIn, readEntry } from '../../../../src/transports/redis/unacked-entry.js';
import { readEnvelope } from '../../../../src/transports/virtual/envelope-reader.js';
import { withOwnTag, writeEnvelope } from '../../../../src/transports/virtual/envelope-writer.js';

const text = writeEnvelope(
  {
    body: Buffer.from('1'),
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers: { id: 'a', big: 9007199254740993n },
    properties: { priority: 4 },
  },
  { exchange: 'x', routingKey: 'k' },
);

describe('a record of a delivery', () => {
  it.each(['q', 'a "quoted" one', 'ä, "", "x"]'])(
    'names its queue %s, and gives the envelope back',
    (queue) => {
      const entry = `[${text}${entryEnding(queue)}`;
      expect(envelopeIn(entry, entryEnding(queue))).toBe(text);
      expect(readEntry(entry)).toMatchObject({ exchange: '', routingKey: queue, priority: 4 });
    },
  );

  it('marks what goes back as kombu does, counts it, and keeps every other value', () => {
    const once = readEntry(`[${text}${entryEnding('q')}`)?.returning ?? '';
    const twice = readEntry(`[${once}${entryEnding('q')}`)?.returning ?? '';
    expect(twice).toContain('9007199254740993');
    expect(JSON.parse(twice)).toMatchObject({
      headers: { redelivered: true },
      properties: {
        delivery_info: { exchange: 'x', routing_key: 'k', redelivered: true, delivery_count: 2 },
      },
    });
    const read = readEnvelope(twice, 'q');
    expect(read).toMatchObject({ redelivered: true, earlier: 2 });
    expect(read.headers).not.toHaveProperty('redelivered');
  });

  it("reads kombu's, which name exchange and key", () => {
    const entry = JSON.stringify([JSON.parse(text), 'task_exchange', 'export']);
    expect(readEntry(entry)).toMatchObject({ exchange: 'task_exchange', routingKey: 'export', priority: 4 });
  });

  it('gives an envelope nobody can read back as it is', () => {
    expect(readEntry(`[not JSON${entryEnding('the "q"')}`)).toEqual({
      exchange: '',
      routingKey: 'the "q"',
      priority: undefined,
      returning: 'not JSON',
    });
  });

  it.each(['', 'x', '{}', '[1, "", "q"]', '[{}, ""]'])('that is none, %s, is not read', (entry) => {
    expect(readEntry(entry)).toBeUndefined();
  });
});

it('a copy differs by its delivery tag alone', () => {
  const copy = withOwnTag(text);
  expect(copy).not.toBe(text);
  const without = (json: string): unknown =>
    JSON.parse(json, (key, value: unknown) => (key === 'delivery_tag' ? undefined : value));
  expect(without(copy)).toEqual(without(text));
});
