import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../../src/messaging/index.js';
import { readEnvelope } from '../../../../src/transports/virtual/envelope-reader.js';
import { writeEnvelope } from '../../../../src/transports/virtual/envelope-writer.js';
import { message } from './support/store.js';

const destination = { exchange: 'x', routingKey: 'k' };

describe('writing', () => {
  it('writes the envelope of kombu', () => {
    const text = writeEnvelope(
      { ...message('é'), properties: { correlation_id: 'c', creator_id: 'u1', priority: 3, beside: 1 } },
      destination,
      ['beside'],
    );
    expect(JSON.parse(text)).toEqual({
      body: Buffer.from('"é"').toString('base64'),
      'content-encoding': 'utf-8',
      'content-type': 'application/json',
      headers: { id: 'a' },
      properties: {
        correlation_id: 'c',
        creator_id: 'u1',
        delivery_mode: 2,
        priority: 3,
        delivery_info: { exchange: 'x', routing_key: 'k' },
        body_encoding: 'base64',
        delivery_tag: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
  });

  it('refuses headers JSON cannot hold with ENCODE_FAILED', () => {
    const bad: OutgoingMessage = { ...message(), headers: { f: () => 1 } };
    expect(() => writeEnvelope(bad, destination)).toThrow(expect.objectContaining({ code: 'ENCODE_FAILED' }));
  });
});

it('carries what Python puts into headers and properties: long integers, NaN, times', () => {
  const headers = { id: 'a', big: 1n << 70n, nan: Number.NaN, at: new Date(0) };
  const text = writeEnvelope({ ...message(), headers }, destination);
  expect(text).toMatch(/1180591620717411303424.*NaN/);
  expect(readEnvelope(text, 'q').headers).toEqual(headers);
});

describe('reading', () => {
  const envelope = (change: object = {}, properties: object = {}): string =>
    JSON.stringify({
      body: 'e30=',
      headers: {},
      'content-type': 'application/json',
      'content-encoding': 'utf-8',
      properties: { body_encoding: 'base64', delivery_info: destination, ...properties },
      ...change,
    });

  it('takes text for the body where no encoding is named', () => {
    const opened = readEnvelope(envelope({ body: '{"é": 1}' }, { body_encoding: null }), 'q');
    expect(Buffer.from(opened.body).toString()).toBe('{"é": 1}');
    expect(opened.defect).toBeUndefined();
  });

  it('fills in what old writers leave out', () => {
    const opened = readEnvelope('{"body": "", "properties": {}}', 'q');
    expect(opened).toMatchObject({
      headers: {},
      contentType: 'application/data',
      contentEncoding: 'utf-8',
      exchange: '',
      routingKey: 'q',
      priority: null,
      redelivered: false,
    });
  });

  it.each([
    ['at the top', { redelivered: true }, {}],
    ['in the headers', { headers: { redelivered: true } }, {}],
    ['in the delivery info', {}, { delivery_info: { redelivered: true } }],
  ])('sees a redelivery noted %s', (_where, change, properties) => {
    expect(readEnvelope(envelope(change, properties), 'q').redelivered).toBe(true);
  });

  it('reads a priority written as text', () => {
    expect(readEnvelope(envelope({}, { priority: '4' }), 'q').priority).toBe(4);
  });

  it.each([
    ['no JSON', '{"body": ', /json/i],
    ['no object', '[1]', /not a JSON object/],
    ['no properties', '{"body": "e30="}', /no properties/],
    ['bad base64', envelope({ body: 'e30' }), /not base64/],
    ['base64 with other characters', envelope({ body: 'e3 =' }), /not base64/],
    ['a body that is no text', envelope({ body: { a: 1 } }), /not a string/],
    ['headers that are no object', envelope({ headers: 'x' }), /not an object/],
    ['nesting beyond the stack', '['.repeat(200_000), /./],
    ['nothing', '', /json/i],
  ])('hands %s over raw, with the reason', (_what, raw, reason) => {
    const opened = readEnvelope(raw, 'q');
    expect(opened.defect).toMatch(reason);
    expect(Buffer.from(opened.body).toString()).toBe(raw);
    expect(opened).toMatchObject({ headers: {}, properties: {}, contentType: 'application/octet-stream' });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .dictionary(fc.string(), fc.jsonValue())
            .map((v) => JSON.stringify({ body: 'e30=', properties: v, ...v })),
        ),
        (raw) => {
          expect(readEnvelope(raw, 'q').body).toBeInstanceOf(Uint8Array);
        },
      ),
    );
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (body, headers, custom) => {
          const own = ['delivery_info', 'delivery_tag', 'body_encoding', 'priority', 'delivery_mode'];
          const properties = Object.fromEntries(
            Object.entries(custom).filter(([name]) => !own.includes(name)),
          );
          const text = writeEnvelope({ ...message(), body, headers, properties }, destination);
          const opened = readEnvelope(text, 'q');
          expect(opened.defect).toBeUndefined();
          expect(new Uint8Array(opened.body)).toEqual(body);
          expect(opened.headers).toEqual(headers);
          expect(opened.properties).toEqual({ ...properties, priority: 0, delivery_mode: 2 });
        },
      ),
    );
  });
});
