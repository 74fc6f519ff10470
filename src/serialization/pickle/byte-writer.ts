/** Bytes that grow as they are written. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#buffer.writeUInt8(value, at);
  }
  u16(value: number): void {
    const at = this.#reserve(2);
    this.#buffer.writeUInt16LE(value, at);
  }
  u32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32LE(value, at);
  }
  i32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeInt32LE(value, at);
  }
  f64be(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleBE(value, at);
  }
  bytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }
  /** ASCII text. */
  ascii(text: string): void {
    this.bytes(Buffer.from(text, 'latin1'));
  }

  /** Everything written so far; the writer is done with. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Makes room, perhaps in a new buffer, and gives the place. */
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
