import type { DecodeBudget } from '../codec.js';
import { decodeFailed } from '../failures.js';
import { ByteReader } from './byte-reader.js';
import { CONTAINERS } from './container-opcodes.js';
import type { Node } from './nodes.js';
import { OBJECTS } from './object-opcodes.js';
import type { Opcode } from './opcode-table.js';
import { OP } from './opcodes.js';
import { SCALARS } from './scalar-opcodes.js';
import { PickleStack } from './stack.js';
import { STACK } from './stack-opcodes.js';

const TABLE: Readonly<Record<number, Opcode>> = { ...SCALARS, ...CONTAINERS, ...STACK, ...OBJECTS };
const OPCODES: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, byte) => TABLE[byte]);

/** Runs the opcodes of a pickle and gives what they describe. Calls and classes are only noted down. */
export function runPickle(bytes: Uint8Array, budget: DecodeBudget): Node {
  const from = new ByteReader(bytes);
  const stack = new PickleStack(budget);
  for (let byte = from.u8(); byte !== OP.STOP; byte = from.u8()) {
    const opcode = OPCODES[byte];
    if (!opcode) {
      throw decodeFailed(
        'pickle',
        `opcode 0x${byte.toString(16)} at offset ${from.offset - 1} is not supported`,
      );
    }
    opcode(from, stack);
  }
  return stack.pop();
}
