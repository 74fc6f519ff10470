import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  compress,
  compressionHeader,
  decompress,
} from '../../../../src/serialization/index.js';
import { leastCpuMs } from '../../../support/cpu.js';
import { BOMBS, GREEDY_XZ, HELLO } from './python-samples.js';

const text = Buffer.from('hello '.repeat(100));
const hasZstd = 'zstdCompress' in zlib;
const WRITTEN = hasZstd ? ['gzip', 'brotli', 'zstd'] : ['gzip', 'brotli'];
const ALL = ['gzip', 'brotli', 'zstd', 'bzip2', 'lzma'];
const unpack = (bytes: Uint8Array, name: string) => decompress(bytes, name, { budget: BUDGET, accept: ALL });

describe('compression', () => {
  it.each([
    ['gzip', 'application/x-gzip'],
    ['zlib', 'application/x-gzip'],
    ['brotli', 'application/x-brotli'],
    ['zstd', 'application/zstd'],
    ['zstandard', 'application/zstd'],
    ['bzip2', 'application/x-bz2'],
    ['bzip', 'application/x-bz2'],
    ['lzma', 'application/x-lzma'],
    ['xz', 'application/x-lzma'],
    ['application/x-gzip', 'application/x-gzip'],
  ])('%s is sent as %s', (name, header) => {
    expect(compressionHeader(name)).toBe(header);
  });

  it.each(WRITTEN)('%s there and back', async (name) => {
    for (const body of [text, Buffer.alloc(0), randomBytes(100_000)]) {
      expect(Buffer.from(await unpack(await compress(body, name), compressionHeader(name)))).toEqual(body);
    }
  });

  it.each(HELLO)('%s as Python writes it', async (header, packed) => {
    expect(Buffer.from(await unpack(packed, header))).toEqual(text);
  });

  it('writes zlib streams for gzip, and reads real gzip too', async () => {
    expect((await compress(text, 'gzip')).subarray(0, 2)).toEqual(Buffer.from([0x78, 0x9c]));
    expect(await unpack(zlib.gzipSync(text), 'application/x-gzip')).toEqual(text);
  });

  it.skipIf(!hasZstd)(
    'tells the size of the content in a zstd frame, as Python wants it (zlib has zstd from Node 22.15 on)',
    async () => {
      // Bit 5 or bits 6 and 7 of the frame header.
      expect((await compress(text, 'zstd'))[4]).toSatisfy((flags: number) => (flags & 0b1110_0000) !== 0);
    },
  );

  it.each([
    ...(hasZstd ? [] : [['zstd', 'writing it needs Node 22.15']]),
    ['bzip2', 'it can be read, but not written'],
    ['lzma', 'it can be read, but not written'],
  ])('says why %s is not written', async (name, why) => {
    await expect(compress(text, name)).rejects.toMatchObject({
      code: 'DRIVER_MISSING',
      message: expect.stringContaining(why),
    });
  });

  it('refuses names nobody knows', async () => {
    expect(() => compressionHeader('zip')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    await expect(unpack(text, 'application/zip')).rejects.toMatchObject({ code: 'CONTENT_DISALLOWED' });
  });

  it('undoes gzip alone unless told otherwise', async () => {
    const packed = await compress(text, 'brotli');
    await expect(decompress(packed, 'application/x-brotli', { budget: BUDGET })).rejects.toMatchObject({
      code: 'CONTENT_DISALLOWED',
      message: expect.stringContaining('add brotli to accept_compression'),
    });
    for (const accept of [['brotli'], ['application/x-brotli']]) {
      expect(await decompress(packed, 'application/x-brotli', { budget: BUDGET, accept })).toEqual(text);
    }
    expect(await decompress(await compress(text, 'zlib'), 'application/x-gzip', { budget: BUDGET })).toEqual(
      text,
    );
  });

  it('refuses broken streams', async () => {
    const made = WRITTEN.map(async (name) => [name, await compress(text, name)] as const);
    for (const [name, packed] of [...(await Promise.all(made)), ...HELLO]) {
      for (const bytes of [text, packed.subarray(0, packed.length - 4), Buffer.alloc(0)]) {
        await expect(unpack(bytes, name), name).rejects.toMatchObject({ code: 'DECODE_FAILED' });
      }
    }
  });
});

describe('bombs', () => {
  const written = async (name: string) =>
    [name, await compress(Buffer.alloc(300 * 1024 * 1024), name)] as const;

  it('stop at the budget, whatever they are made with', async () => {
    const bombs = [...(await Promise.all(WRITTEN.map(written))), ...BOMBS];
    for (const [name, bomb] of bombs) {
      const burst = () =>
        expect(unpack(bomb, name), name).rejects.toMatchObject({
          code: 'BUDGET_EXCEEDED',
          fields: { limit: 'maxBytes' },
        });
      expect(await leastCpuMs(burst), name).toBeLessThan(100);
      const memory = process.memoryUsage().rss;
      await burst();
      expect(process.memoryUsage().rss - memory, name).toBeLessThan(20 * 1024 * 1024);
    }
  });

  it('get no memory for what they only announce', async () => {
    const before = process.memoryUsage().rss;
    // Frames of zstd that announce a window, or a content, of two GiB.
    for (const frame of [
      '28b52ffd00a8010000',
      '28b52ffda000000080010000',
      '28b52ffde00000000002000000010000',
    ]) {
      await expect(unpack(Buffer.from(frame, 'hex'), 'zstd')).rejects.toMatchObject({
        code: expect.stringMatching(/^(BUDGET_EXCEEDED|DECODE_FAILED)$/),
      });
    }
    await unpack(GREEDY_XZ, 'xz').catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'DECODE_FAILED' }),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024);
  });
});
