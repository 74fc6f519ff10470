import { decodeFailed } from '../failures.js';
import { asBuffer } from '../text.js';

/** Takes bytes in order. Every length is checked against what is there before anything is made. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
  }

  get offset(): number {
    return this.#at;
  }

  u8(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw tooShort(1, this.#at);
    this.#at += 1;
    return byte;
  }
  u16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }
  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }
  i32(): number {
    return this.#bytes.readInt32LE(this.#take(4));
  }
  /** As a number: above 2^53 it is only compared with the length of the input. */
  u64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#take(8)));
  }
  f64be(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  bytes(length: number): Buffer {
    const from = this.#take(length);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Up to the next line feed, which is taken too. */
  line(): Buffer {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end === -1) throw decodeFailed('pickle', `a line without end at offset ${this.#at}`);
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  #take(length: number): number {
    const from = this.#at;
    if (length < 0 || length > this.#bytes.length - from) {
      throw tooShort(length, from);
    }
    this.#at = from + length;
    return from;
  }
}

const tooShort = (length: number, offset: number): Error =>
  decodeFailed('pickle', `it ends too early: ${length} bytes wanted at offset ${offset}`);
