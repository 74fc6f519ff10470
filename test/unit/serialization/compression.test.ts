import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  compress,
  compressionHeader,
  decompress,
} from '../../../src/serialization/index.js';
import { cpuMs } from '../../support/cpu.js';

const text = Buffer.from('hello '.repeat(100));
const hasZstd = 'zstdCompress' in zlib;

describe('compression', () => {
  it.each([
    ['gzip', 'application/x-gzip'],
    ['zlib', 'application/x-gzip'],
    ['brotli', 'application/x-brotli'],
    ['zstd', 'application/zstd'],
    ['zstandard', 'application/zstd'],
    ['bzip2', 'application/x-bz2'],
    ['xz', 'application/x-lzma'],
    ['application/x-gzip', 'application/x-gzip'],
  ])('%s is sent as %s', (name, header) => {
    expect(compressionHeader(name)).toBe(header);
  });

  it.each(['gzip', 'brotli'])('%s there and back', async (name) => {
    expect(await decompress(await compress(text, name), compressionHeader(name), BUDGET)).toEqual(text);
  });

  it('writes zlib streams for gzip, and reads real gzip too', async () => {
    expect((await compress(text, 'gzip')).subarray(0, 2)).toEqual(Buffer.from([0x78, 0x9c]));
    expect(await decompress(zlib.gzipSync(text), 'application/x-gzip', BUDGET)).toEqual(text);
  });

  it('does zstd where Node can, and says which Node can where it cannot', async () => {
    const there = compress(text, 'zstd');
    if (hasZstd) {
      expect(await decompress(await there, 'zstd', BUDGET)).toEqual(text);
      // Bit 5 or bits 6 and 7 of the frame header: the size of the content is there, as Python wants it.
      expect((await there)[4]).toSatisfy((flags: number) => (flags & 0b1110_0000) !== 0);
    } else
      await expect(there).rejects.toMatchObject({
        code: 'DRIVER_MISSING',
        message: expect.stringContaining('Node 22.15'),
      });
  });

  it.each(['bzip2', 'lzma'])('says that %s is not there', async (name) => {
    await expect(compress(text, name)).rejects.toMatchObject({ code: 'DRIVER_MISSING' });
    await expect(decompress(text, compressionHeader(name), BUDGET)).rejects.toMatchObject({
      code: 'DRIVER_MISSING',
    });
  });

  it('refuses names nobody knows', async () => {
    expect(() => compressionHeader('zip')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    await expect(decompress(text, 'application/zip', BUDGET)).rejects.toMatchObject({
      code: 'DECODE_FAILED',
    });
  });

  it('refuses broken streams', async () => {
    const packed = await compress(text, 'gzip');
    for (const bytes of [text, packed.subarray(0, packed.length - 4), Buffer.alloc(0)]) {
      await expect(decompress(bytes, 'gzip', BUDGET)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
    }
  });

  it.each(hasZstd ? ['gzip', 'brotli', 'zstd'] : ['gzip', 'brotli'])(
    'stops a %s bomb at the budget',
    async (name) => {
      const bomb = await compress(Buffer.alloc(50 * 1024 * 1024), name);
      const cost = await cpuMs(async () => {
        await expect(decompress(bomb, name, BUDGET)).rejects.toMatchObject({
          code: 'BUDGET_EXCEEDED',
          fields: { limit: 'maxBytes' },
        });
      });
      expect(cost).toBeLessThan(500);
    },
  );
});
