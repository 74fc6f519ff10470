import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  compress,
  createSerializers,
  defaultSerializers,
  jsonCodec,
} from '../../../src/serialization/index.js';

const serializers = defaultSerializers();
const body = (text: string, contentType: string, contentEncoding = 'utf-8') => ({
  body: Buffer.from(text),
  contentType,
  contentEncoding,
});

describe('serializers', () => {
  it.each([
    ['json', [1], 'application/json', 'utf-8'],
    ['pickle', [1], 'application/x-python-serialize', 'binary'],
    ['yaml', [1], 'application/x-yaml', 'utf-8'],
    ['msgpack', [1], 'application/x-msgpack', 'binary'],
    ['raw', 'é', 'application/data', 'utf-8'],
    ['raw', Uint8Array.of(1), 'application/data', 'binary'],
    [null, 'é', 'text/plain', 'utf-8'],
    [null, Uint8Array.of(1), 'application/data', 'binary'],
    [null, [1], 'application/json', 'utf-8'],
  ])(
    'encode with %s as %j, with the content type and encoding that Celery sends',
    async (name, value, contentType, contentEncoding) => {
      expect(await serializers.encode(name, value)).toMatchObject({ contentType, contentEncoding });
    },
  );

  it('send raw bytes and text as they are', async () => {
    expect((await serializers.encode('raw', 'é')).body).toEqual(Buffer.from('é'));
    await expect(serializers.encode('raw', [1])).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  });

  it('name the serializers that there are', async () => {
    expect((await serializers.codec('yaml')).contentType).toBe('application/x-yaml');
    await expect(serializers.encode('xml', 1)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'Serializer xml is unknown; use one of json, pickle, yaml, msgpack, raw',
    });
  });

  it('belong to one app', async () => {
    const mine = createSerializers([]);
    mine.register({ ...jsonCodec(), name: 'mine', contentType: 'x/mine' });
    expect(await mine.decode(body('[1]', 'x/mine'), { accept: ['mine'] })).toEqual([1]);
    await expect(serializers.codec('mine')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  const pickled = async () => serializers.encode('pickle', 1);

  it('refuse what is not accepted, in Celery’s words', async () => {
    const message = await pickled();
    await expect(serializers.decode(message)).rejects.toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: 'Refusing to deserialize untrusted content of type pickle (application/x-python-serialize)',
    });
    await expect(serializers.decode(body('x', 'text/plain'))).rejects.toMatchObject({
      message: 'Refusing to deserialize untrusted content of type text/plain (text/plain)',
    });
    expect(await serializers.decode(message, { accept: ['pickle'] })).toBe(1);
    expect(await serializers.decode(message, { accept: ['application/x-python-serialize'] })).toBe(1);
    expect(await serializers.decode(body('x', 'text/plain'), { accept: ['text/plain'] })).toBe('x');
  });

  it.each(['Application/JSON', 'application/json; charset=utf-8', 'JSON'])(
    'compare content types letter by letter, as Celery does: %s',
    async (type) => {
      await expect(serializers.decode(body('[1]', type))).rejects.toMatchObject({
        code: 'CONTENT_DISALLOWED',
      });
    },
  );

  it.each(['application/data', 'application/text', ''])(
    'never refuse %j, whatever is accepted',
    async (type) => {
      expect(await serializers.decode(body('x', type), { accept: [] })).toBe('x');
    },
  );

  it('name a serializer in accept_content that nobody registered', async () => {
    await expect(
      serializers.decode(body('[1]', 'application/json'), { accept: ['jsno'] }),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('no serializer is named jsno'),
    });
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

  it('read content without a codec as text or bytes', async () => {
    const latin = { ...body('', ''), body: Uint8Array.of(0xe9) };
    expect(await serializers.decode(body('é', ''))).toBe('é');
    expect(await serializers.decode(body('é', 'application/text', 'UTF-8'), { accept: [] })).toBe('é');
    expect(await serializers.decode(body('é', 'application/data', 'binary'))).toEqual(Buffer.from('é'));
    expect(await serializers.decode({ ...latin, contentEncoding: 'latin-1' })).toBe('é');
    await expect(serializers.decode(latin)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    await expect(serializers.decode(body('x', '', 'klingon'))).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
    await expect(
      serializers.decode(body('xx', ''), { budget: { ...BUDGET, maxBytes: 1 } }),
    ).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
  });

  it('leave an empty body as it is', async () => {
    expect(await serializers.decode(body('', 'application/json'))).toHaveLength(0);
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
