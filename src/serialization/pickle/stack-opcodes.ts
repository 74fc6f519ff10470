import { decodeFailed } from '../failures.js';
import type { ByteReader } from './byte-reader.js';
import type { OpcodeTable } from './opcode-table.js';
import { HIGHEST_PROTOCOL, OP } from './opcodes.js';
import { lineToInteger } from './scalars.js';

const index = (from: ByteReader): number => Number(lineToInteger(from.line().toString('latin1'), false));

/** Opcodes that mark, copy, drop, remember and recall. */
export const STACK: OpcodeTable = {
  [OP.PROTO]: (from) => {
    if (from.u8() > HIGHEST_PROTOCOL) throw decodeFailed('pickle', 'its protocol is newer than 5');
  },
  // The length of a frame helps readers of streams; we have all bytes.
  [OP.FRAME]: (from) => void from.u64(),
  [OP.MARK]: (_, stack) => stack.mark(),
  [OP.POP]: (_, stack) => stack.discard(),
  [OP.POP_MARK]: (_, stack) => void stack.popMark(),
  [OP.DUP]: (_, stack) => stack.push(stack.top()),
  [OP.MEMOIZE]: (_, stack) => stack.memoize(),
  [OP.PUT]: (from, stack) => stack.memoize(index(from)),
  [OP.BINPUT]: (from, stack) => stack.memoize(from.u8()),
  [OP.LONG_BINPUT]: (from, stack) => stack.memoize(from.u32()),
  [OP.GET]: (from, stack) => stack.push(stack.recall(index(from))),
  [OP.BINGET]: (from, stack) => stack.push(stack.recall(from.u8())),
  [OP.LONG_BINGET]: (from, stack) => stack.push(stack.recall(from.u32())),
};
