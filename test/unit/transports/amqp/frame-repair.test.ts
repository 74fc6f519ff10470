import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairHeaderFrame, repairUnreadableFrames } from '../../../../src/transports/amqp/frame-repair.js';

const library = join(dirname(createRequire(import.meta.url).resolve('amqplib')), 'lib');
const load = createRequire(import.meta.url);
const { decodeFields } = load(join(library, 'codec.js')) as { decodeFields(slice: Buffer): unknown };

/** A content header frame with these header fields as bytes, a content type and a priority after them. */
function headerFrame(fields: Buffer): Buffer {
  const shortString = (text: string): Buffer =>
    Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(fields.length);
  const payload = Buffer.concat([
    Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
    Buffer.from([0x80 | 0x40 | 0x20 | 0x08, 0]),
    shortString('application/json'),
    shortString('utf-8'),
    size,
    fields,
    Buffer.from([7]),
  ]);
  const head = Buffer.alloc(7);
  head.writeUInt8(2, 0);
  head.writeUInt16BE(1, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
}

const fieldsOf = (frame: Buffer): Buffer => {
  const at = 7 + 12 + 2 + 17 + 6;
  return frame.subarray(at + 4, at + 4 + frame.readUInt32BE(at));
};

const field = (name: string, tag: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([name.length]), Buffer.from(name + tag), value]);

const wide = Buffer.alloc(8);
wide.writeBigInt64BE(2n ** 40n);

describe('repairHeaderFrame', () => {
  it('makes wide integers readable, in tables and arrays too, and keeps the rest', () => {
    const sized = (content: Buffer): Buffer => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(content.length);
      return Buffer.concat([size, content]);
    };
    const inner = Buffer.concat([Buffer.from('L'), wide, Buffer.from('t\x01')]);
    const frame = headerFrame(
      Buffer.concat([
        field('LL', 'S', sized(Buffer.from('L is a letter'))),
        field('wide', 'L', wide),
        field('list', 'A', sized(inner)),
        field('table', 'F', sized(field('x', 'L', wide))),
      ]),
    );
    expect(() => decodeFields(fieldsOf(frame))).toThrow('Unexpected type tag');
    expect(repairHeaderFrame(frame)).toBe('wide integer');
    expect(decodeFields(fieldsOf(frame))).toEqual({
      LL: 'L is a letter',
      wide: 2 ** 40,
      list: [2 ** 40, true],
      table: { x: 2 ** 40 },
    });
  });

  it('empties a table with an unknown tag, and keeps what follows it', () => {
    const frame = headerFrame(field('odd', 'Z', wide));
    expect(repairHeaderFrame(frame)).toBe('header table dropped');
    expect(decodeFields(fieldsOf(frame))).toEqual({ '': expect.stringMatching(/^ +$/) as unknown });
    expect(frame.at(-2)).toBe(7);
  });

  it('leaves other frames alone', () => {
    expect(repairHeaderFrame(Buffer.from([1, 0, 1, 0, 0, 0, 0, 0xce]))).toBeUndefined();
    expect(repairHeaderFrame(Buffer.alloc(0))).toBeUndefined();
  });

  it('makes any table of twelve bytes or more readable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 80 }), (bytes) => {
        const frame = headerFrame(Buffer.from(bytes));
        const before = frame.length;
        repairHeaderFrame(frame);
        decodeFields(fieldsOf(frame));
        expect(frame.length).toBe(before);
      }),
    );
  });
});

describe('repairUnreadableFrames', () => {
  it('reads the frame again after the repair, and passes errors it cannot mend', () => {
    const repairs: string[] = [];
    const connection = {
      rest: headerFrame(field('wide', 'L', wide)),
      recvFrame(): unknown {
        const frame = this.rest;
        this.rest = Buffer.alloc(0);
        if (frame.length === 0) throw new Error('not a frame');
        return decodeFields(fieldsOf(frame));
      },
    };
    repairUnreadableFrames(connection, (what) => repairs.push(what));
    expect(connection.recvFrame()).toEqual({ wide: 2 ** 40 });
    expect(repairs).toEqual(['wide integer']);
    expect(() => connection.recvFrame()).toThrow('not a frame');
  });
});
