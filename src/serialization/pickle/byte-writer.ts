import { asBuffer } from '../text.js';

/** Bytes that grow as they are written. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  u8(value: number): void {
    this.#buffer.writeUInt8(value, this.#reserve(1));
  }
  u16(value: number): void {
    this.#buffer.writeUInt16LE(value, this.#reserve(2));
  }
  u32(value: number): void {
    this.#buffer.writeUInt32LE(value, this.#reserve(4));
  }
  i32(value: number): void {
    this.#buffer.writeInt32LE(value, this.#reserve(4));
  }
  f64be(value: number): void {
    this.#buffer.writeDoubleBE(value, this.#reserve(8));
  }
  bytes(bytes: Uint8Array): void {
    asBuffer(bytes).copy(this.#buffer, this.#reserve(bytes.length));
  }
  /** ASCII text. */
  ascii(text: string): void {
    this.bytes(Buffer.from(text, 'latin1'));
  }

  /** Everything written so far; the writer is done with. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(size: number): number {
    const from = this.#length;
    this.#length += size;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length));
      this.#buffer.copy(larger, 0, 0, from);
      this.#buffer = larger;
    }
    return from;
  }
}
