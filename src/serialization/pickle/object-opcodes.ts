import { decodeFailed } from '../failures.js';
import type { ByteReader } from './byte-reader.js';
import { LegacyText, type Node, PyCall, PyGlobal, PyTuple } from './nodes.js';
import type { Opcode, OpcodeTable } from './opcode-table.js';
import { OP } from './opcodes.js';
import { bytesToText } from './scalars.js';

const construct: Opcode = (_, stack) => {
  const args = tupleItems(stack.pop());
  stack.add(new PyCall(callee(stack.pop()), args));
};

/** Opcodes that name classes and ask for calls. All are noted down; none is carried out. */
export const OBJECTS: OpcodeTable = {
  [OP.GLOBAL]: (from, stack) => stack.add(globalLine(from)),
  [OP.STACK_GLOBAL]: (_, stack) => {
    const qualname = name(stack.pop());
    stack.add(new PyGlobal(name(stack.pop()), qualname));
  },
  [OP.REDUCE]: construct,
  [OP.NEWOBJ]: construct,
  [OP.NEWOBJ_EX]: (_, stack) => {
    const kwargs = stack.pop();
    const args = tupleItems(stack.pop());
    stack.add(new PyCall(callee(stack.pop()), args, kwargs));
  },
  [OP.INST]: (from, stack) => stack.add(new PyCall(globalLine(from), stack.popMark())),
  [OP.OBJ]: (_, stack) => {
    const [made = null, ...args] = stack.popMark();
    stack.add(new PyCall(callee(made), args));
  },
  [OP.BUILD]: (_, stack) => {
    const state = stack.pop();
    const object = stack.top();
    if (!(object instanceof PyCall)) throw decodeFailed('pickle', 'BUILD on something that is no object');
    object.state = state;
  },
};

function globalLine(from: ByteReader): PyGlobal {
  const module = bytesToText(from.line());
  return new PyGlobal(module, bytesToText(from.line()));
}

function name(node: Node): string {
  if (typeof node === 'string') return node;
  if (node instanceof LegacyText) return bytesToText(node.bytes);
  throw decodeFailed('pickle', 'the name of a class is no text');
}

function callee(node: Node): PyGlobal | PyCall {
  if (node instanceof PyGlobal || node instanceof PyCall) return node;
  throw decodeFailed('pickle', 'it calls something that is no class or function');
}

function tupleItems(node: Node): readonly Node[] {
  if (node instanceof PyTuple) return node.items;
  throw decodeFailed('pickle', 'the arguments of a call are no tuple');
}
