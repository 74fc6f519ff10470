import { encodeSurrogatePass } from '../text.js';
import { ByteWriter } from './byte-writer.js';
import { OP } from './opcodes.js';

/** 4 is read by every Python 3; 2 by Python 2 as well. */
export type PickleProtocol = 2 | 4;

/** Writes opcodes: no frames and no memo, which readers do not need. */
export class PickleEmitter {
  readonly protocol: PickleProtocol;
  readonly #out = new ByteWriter();

  constructor(protocol: PickleProtocol) {
    this.protocol = protocol;
    this.#out.u8(OP.PROTO);
    this.#out.u8(protocol);
  }

  op(code: number): void {
    this.#out.u8(code);
  }

  finish(): Uint8Array {
    this.op(OP.STOP);
    return this.#out.finish();
  }

  /** A whole number, within 2^53. */
  int(value: number): void {
    if (value >= 0 && value <= 0xff) {
      this.op(OP.BININT1);
      this.#out.u8(value);
    } else if (value >= 0 && value <= 0xffff) {
      this.op(OP.BININT2);
      this.#out.u16(value);
    } else if (value === (value | 0)) {
      this.op(OP.BININT);
      this.#out.i32(value);
    } else this.long(BigInt(value));
  }

  long(value: bigint): void {
    const bytes = integerToBytes(value);
    if (bytes.length <= 0xff) {
      this.op(OP.LONG1);
      this.#out.u8(bytes.length);
    } else {
      this.op(OP.LONG4);
      this.#out.i32(bytes.length);
    }
    this.#out.bytes(bytes);
  }

  float(value: number): void {
    this.op(OP.BINFLOAT);
    this.#out.f64be(value);
  }

  text(value: string): void {
    const bytes = encodeSurrogatePass(value);
    if (this.protocol >= 4 && bytes.length <= 0xff) {
      this.op(OP.SHORT_BINUNICODE);
      this.#out.u8(bytes.length);
    } else {
      this.op(OP.BINUNICODE);
      this.#out.u32(bytes.length);
    }
    this.#out.bytes(bytes);
  }

  bytes(value: Uint8Array): void {
    if (this.protocol < 4) {
      // Python 2 has no opcode for bytes; this is how Python 3 writes them for it.
      this.global('_codecs', 'encode');
      this.text(Buffer.from(value).toString('latin1'));
      this.text('latin1');
      this.op(OP.TUPLE2);
      this.op(OP.REDUCE);
      return;
    }
    this.op(value.length <= 0xff ? OP.SHORT_BINBYTES : OP.BINBYTES);
    if (value.length <= 0xff) this.#out.u8(value.length);
    else this.#out.u32(value.length);
    this.#out.bytes(value);
  }

  /** The name of a class or function of Python's own. Never a name out of data. */
  global(module: string, qualname: string): void {
    if (this.protocol >= 4) {
      this.text(module);
      this.text(qualname);
      this.op(OP.STACK_GLOBAL);
    } else {
      this.op(OP.GLOBAL);
      this.#out.ascii(`${module}\n${qualname}\n`);
    }
  }
}

/** Shortest little-endian two's complement. */
function integerToBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array();
  const magnitude = value < 0n ? -value - 1n : value;
  const size = Math.floor((magnitude === 0n ? 0 : magnitude.toString(16).length * 4 + 4) / 8) + 1;
  const hex = BigInt.asUintN(size * 8, value)
    .toString(16)
    .padStart(size * 2, '0');
  const bytes = Buffer.from(hex, 'hex').reverse();
  const last = bytes.at(-1);
  const sign = (bytes.at(-2) ?? 0) & 0x80;
  const spare = bytes.length > 1 && ((last === 0 && !sign) || (last === 0xff && sign !== 0));
  return spare ? bytes.subarray(0, -1) : bytes;
}
