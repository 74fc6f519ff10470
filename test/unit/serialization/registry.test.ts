import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  compress,
  createSerializers,
  defaultSerializers,
  jsonCodec,
} from '../../../src/serialization/index.js';
import { failureOf } from '../../support/failure.js';

const serializers = defaultSerializers();
const body = (text: string, contentType: string, contentEncoding = 'utf-8') => ({
  body: Buffer.from(text),
  contentType,
  contentEncoding,
});

describe('serializers', () => {
  it('encode with the content type and encoding that Celery sends', () => {
    expect(serializers.encode('json', [1])).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
    });
    expect(serializers.encode('pickle', [1])).toMatchObject({
      contentType: 'application/x-python-serialize',
      contentEncoding: 'binary',
    });
    expect(serializers.encode('raw', 'é')).toEqual({
      body: Buffer.from('é'),
      contentType: 'application/data',
      contentEncoding: 'utf-8',
    });
    expect(serializers.encode('raw', Uint8Array.of(1))).toMatchObject({ contentEncoding: 'binary' });
  });

  it('are found by name and by type', () => {
    expect(serializers.get('json')).toBe(serializers.get('application/json'));
    expect(serializers.get('yaml')).toBeUndefined();
    expect(failureOf(() => serializers.encode('yaml', 1))).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(failureOf(() => serializers.encode('raw', 1))).toMatchObject({ code: 'ENCODE_FAILED' });
  });

  it('belong to one app', () => {
    const mine = createSerializers([]);
    mine.register({ ...jsonCodec(), name: 'mine', contentType: 'x/mine' });
    expect(mine.decode(body('[1]', 'x/mine'), { accept: ['mine'] })).toEqual([1]);
    expect(serializers.get('mine')).toBeUndefined();
  });

  it('refuse what is not accepted, in Celery’s words', () => {
    const pickled = {
      body: serializers.encode('pickle', 1).body,
      contentType: 'application/x-python-serialize',
      contentEncoding: 'binary',
    };
    expect(failureOf(() => serializers.decode(pickled))).toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: 'Refusing to deserialize untrusted content of type pickle (application/x-python-serialize)',
    });
    expect(serializers.decode(pickled, { accept: ['pickle'] })).toBe(1);
    expect(serializers.decode(pickled, { accept: ['application/x-python-serialize'] })).toBe(1);
    expect(failureOf(() => serializers.decode(body('x', 'text/plain'))).code).toBe('CONTENT_DISALLOWED');
    expect(
      failureOf(() => serializers.decode(body('[1]', 'application/json'), { accept: ['pickle'] })).code,
    ).toBe('CONTENT_DISALLOWED');
  });

  it('read a compressed delivery whose fields are its class’s', async () => {
    const { body: packed, headers } = await serializers.encodeMessage([1], {
      serializer: 'json',
      compression: 'gzip',
    });
    class Delivery {
      readonly body = packed;
      readonly headers = headers;
      get contentType() {
        return 'application/json';
      }
      get contentEncoding() {
        return 'utf-8';
      }
    }
    expect(await serializers.decodeMessage(new Delivery())).toEqual([1]);
  });

  it('read content without a codec as text or bytes', () => {
    expect(serializers.decode(body('é', ''))).toBe('é');
    expect(serializers.decode(body('é', 'application/text', 'UTF-8'), { accept: [] })).toBe('é');
    expect(serializers.decode(body('é', 'application/data', 'binary'))).toEqual(Buffer.from('é'));
    expect(
      serializers.decode({ ...body('', ''), body: Uint8Array.of(0xe9), contentEncoding: 'latin-1' }),
    ).toBe('é');
    expect(failureOf(() => serializers.decode({ ...body('', ''), body: Uint8Array.of(0xe9) })).code).toBe(
      'DECODE_FAILED',
    );
    expect(failureOf(() => serializers.decode(body('x', '', 'klingon'))).code).toBe('DECODE_FAILED');
    expect(
      failureOf(() => serializers.decode(body('xx', ''), { budget: { ...BUDGET, maxBytes: 1 } })).code,
    ).toBe('BUDGET_EXCEEDED');
  });

  it('leave an empty body as it is', () => {
    expect(serializers.decode(body('', 'application/json'))).toHaveLength(0);
  });

  it('compress after encoding, and name it in a header', async () => {
    const sent = await serializers.encodeMessage([1, 'x'.repeat(1000)], {
      serializer: 'json',
      compression: 'gzip',
    });
    expect(sent.headers).toEqual({ compression: 'application/x-gzip' });
    expect(sent.body.length).toBeLessThan(100);
    expect(await serializers.decodeMessage(sent)).toEqual([1, 'x'.repeat(1000)]);
    const plain = await serializers.encodeMessage([1], { serializer: 'json' });
    expect(plain).toMatchObject({ headers: {} });
    expect(await serializers.decodeMessage({ ...plain, headers: { compression: null } })).toEqual([1]);
  });

  it('do not unpack what is refused', async () => {
    const message = {
      ...body('no zlib stream', 'application/x-python-serialize'),
      headers: { compression: 'gzip' },
    };
    await expect(serializers.decodeMessage(message)).rejects.toMatchObject({ code: 'CONTENT_DISALLOWED' });
  });

  it('refuse a compressed bomb', async () => {
    const bomb = await compress(Buffer.from(`"${'x'.repeat(9 * 1024 * 1024)}"`), 'gzip');
    await expect(
      serializers.decodeMessage({
        ...body('', 'application/json'),
        body: bomb,
        headers: { compression: 'application/x-gzip' },
      }),
    ).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
  });
});
