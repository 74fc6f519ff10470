import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { payloads } from '../../../../src/results/postgres/announce.js';

describe('payloads', () => {
  it('carry every id, in as few as PostgreSQL allows', () => {
    const ids = Array.from({ length: 1000 }, () => randomUUID());
    const all = payloads(ids);
    expect(all.flatMap((payload) => payload.split('\n'))).toEqual(ids);
    expect(all.every((payload) => Buffer.byteLength(payload) < 8000)).toBe(true);
    expect(all).toHaveLength(Math.ceil((1000 * 37) / 7900));
  });

  it('count bytes, not characters', () => {
    const ids = Array.from({ length: 60 }, () => '\u{1f30d}'.repeat(155));
    expect(payloads(ids).every((payload) => Buffer.byteLength(payload) < 8000)).toBe(true);
  });

  it('are none for no ids', () => {
    expect(payloads([])).toEqual([]);
  });
});
