import type { ByteReader } from './byte-reader.js';
import { LegacyText, type Node } from './nodes.js';
import type { Opcode, OpcodeTable } from './opcode-table.js';
import { OP } from './opcodes.js';
import {
  bytesToInteger,
  bytesToText,
  lineToFloat,
  lineToInteger,
  rawUnicodeEscape,
  unquote,
} from './scalars.js';

const value =
  (read: (from: ByteReader) => Node): Opcode =>
  (from, stack) =>
    stack.push(read(from));

/** A copy: the input's memory is not kept for the sake of a few bytes. */
const bytes = (from: ByteReader, length: number): Uint8Array => new Uint8Array(from.bytes(length));
const line = (from: ByteReader): string => from.line().toString('latin1');

/** Opcodes that push numbers, texts, bytes and constants. */
export const SCALARS: OpcodeTable = {
  [OP.NONE]: value(() => null),
  [OP.NEWTRUE]: value(() => true),
  [OP.NEWFALSE]: value(() => false),
  [OP.BININT1]: value((from) => from.u8()),
  [OP.BININT2]: value((from) => from.u16()),
  [OP.BININT]: value((from) => from.i32()),
  [OP.LONG1]: value((from) => bytesToInteger(from.bytes(from.u8()))),
  [OP.LONG4]: value((from) => bytesToInteger(from.bytes(from.i32()))),
  [OP.INT]: value((from) => lineToInteger(line(from), true)),
  [OP.LONG]: value((from) => lineToInteger(line(from), false)),
  [OP.BINFLOAT]: value((from) => from.f64be()),
  [OP.FLOAT]: value((from) => lineToFloat(line(from))),
  [OP.SHORT_BINUNICODE]: value((from) => bytesToText(from.bytes(from.u8()))),
  [OP.BINUNICODE]: value((from) => bytesToText(from.bytes(from.u32()))),
  [OP.BINUNICODE8]: value((from) => bytesToText(from.bytes(from.u64()))),
  [OP.UNICODE]: value((from) => rawUnicodeEscape(from.line())),
  [OP.SHORT_BINBYTES]: value((from) => bytes(from, from.u8())),
  [OP.BINBYTES]: value((from) => bytes(from, from.u32())),
  [OP.BINBYTES8]: value((from) => bytes(from, from.u64())),
  [OP.BYTEARRAY8]: value((from) => bytes(from, from.u64())),
  [OP.SHORT_BINSTRING]: value((from) => new LegacyText(bytes(from, from.u8()))),
  [OP.BINSTRING]: value((from) => new LegacyText(bytes(from, from.i32()))),
  [OP.STRING]: value((from) => new LegacyText(unquote(from.line()))),
};
