import type { ByteReader } from './byte-reader.js';
import type { PickleStack } from './stack.js';

/** What one opcode does: takes its argument from the input, changes the stack. */
export type Opcode = (from: ByteReader, stack: PickleStack) => void;

/** Opcodes by their byte. */
export type OpcodeTable = Readonly<Record<number, Opcode>>;
