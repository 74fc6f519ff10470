import type { DecodeBudget } from '../codec.js';
import { decodeFailed } from '../failures.js';
import { ByteReader } from './byte-reader.js';
import { LegacyText, type Node, PyCall, PyDict, PyGlobal, PyList, PySet, PyTuple } from './nodes.js';
import { HIGHEST_PROTOCOL, OP } from './opcodes.js';
import {
  bytesToInteger,
  bytesToText,
  lineToFloat,
  lineToInteger,
  rawUnicodeEscape,
  unquote,
} from './scalars.js';
import { PickleStack } from './stack.js';

/** Runs the opcodes of a pickle and gives what they describe. Calls and classes are only noted down. */
export function runPickle(bytes: Uint8Array, budget: DecodeBudget): Node {
  return new PickleMachine(bytes, budget).run();
}

class PickleMachine {
  readonly #in: ByteReader;
  readonly #stack: PickleStack;

  constructor(bytes: Uint8Array, budget: DecodeBudget) {
    this.#in = new ByteReader(bytes);
    this.#stack = new PickleStack(budget);
  }

  run(): Node {
    for (;;) {
      const at = this.#in.offset;
      const op = this.#in.u8();
      if (op === OP.STOP) return this.#stack.pop();
      if (!this.#scalar(op) && !this.#container(op) && !this.#bookkeeping(op) && !this.#object(op)) {
        throw decodeFailed('pickle', `opcode 0x${op.toString(16)} at offset ${at} is not supported`);
      }
    }
  }

  #scalar(op: number): boolean {
    const node = this.#readScalar(op);
    if (node === undefined) return false;
    this.#stack.push(node);
    return true;
  }

  #readScalar(op: number): Node | undefined {
    const from = this.#in;
    switch (op) {
      case OP.SHORT_BINUNICODE:
        return bytesToText(from.bytes(from.u8()));
      case OP.BINUNICODE:
        return bytesToText(from.bytes(from.u32()));
      case OP.BINUNICODE8:
        return bytesToText(from.bytes(from.u64()));
      case OP.UNICODE:
        return rawUnicodeEscape(from.line());
      case OP.BININT1:
        return from.u8();
      case OP.BININT2:
        return from.u16();
      case OP.BININT:
        return from.i32();
      case OP.LONG1:
        return bytesToInteger(from.bytes(from.u8()));
      case OP.LONG4:
        return bytesToInteger(from.bytes(from.i32()));
      case OP.INT:
        return lineToInteger(from.line().toString('latin1'), true);
      case OP.LONG:
        return lineToInteger(from.line().toString('latin1'), false);
      case OP.BINFLOAT:
        return from.f64be();
      case OP.FLOAT:
        return lineToFloat(from.line().toString('latin1'));
      case OP.NONE:
        return null;
      case OP.NEWTRUE:
        return true;
      case OP.NEWFALSE:
        return false;
      case OP.SHORT_BINBYTES:
        return new Uint8Array(from.bytes(from.u8()));
      case OP.BINBYTES:
        return new Uint8Array(from.bytes(from.u32()));
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        return new Uint8Array(from.bytes(from.u64()));
      case OP.SHORT_BINSTRING:
        return new LegacyText(from.bytes(from.u8()));
      case OP.BINSTRING:
        return new LegacyText(from.bytes(from.i32()));
      case OP.STRING:
        return new LegacyText(unquote(from.line()));
      default:
        return undefined;
    }
  }

  #container(op: number): boolean {
    const stack = this.#stack;
    switch (op) {
      case OP.EMPTY_LIST:
        stack.add(new PyList());
        return true;
      case OP.EMPTY_TUPLE:
        stack.add(new PyTuple([]));
        return true;
      case OP.EMPTY_DICT:
        stack.add(new PyDict());
        return true;
      case OP.EMPTY_SET:
        stack.add(new PySet());
        return true;
      case OP.LIST:
        stack.add(addItems(new PyList(), stack.popMark()));
        return true;
      case OP.TUPLE:
        stack.add(new PyTuple(stack.popMark()));
        return true;
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3: {
        const items: Node[] = [];
        for (let left = op - OP.TUPLE1 + 1; left > 0; left -= 1) items.unshift(stack.pop());
        stack.add(new PyTuple(items));
        return true;
      }
      case OP.DICT:
        stack.add(addPairs(new PyDict(), stack.popMark()));
        return true;
      case OP.FROZENSET:
        stack.add(addItems(new PySet(), stack.popMark()));
        return true;
      case OP.APPEND: {
        const item = stack.pop();
        addItems(stack.top(), [item]);
        return true;
      }
      case OP.APPENDS:
      case OP.ADDITEMS: {
        const items = stack.popMark();
        addItems(stack.top(), items);
        return true;
      }
      case OP.SETITEM: {
        const value = stack.pop();
        const key = stack.pop();
        addPairs(stack.top(), [key, value]);
        return true;
      }
      case OP.SETITEMS: {
        const pairs = stack.popMark();
        addPairs(stack.top(), pairs);
        return true;
      }
      default:
        return false;
    }
  }

  #bookkeeping(op: number): boolean {
    const stack = this.#stack;
    const from = this.#in;
    switch (op) {
      case OP.PROTO:
        if (from.u8() > HIGHEST_PROTOCOL) throw decodeFailed('pickle', 'its protocol is newer than 5');
        return true;
      case OP.FRAME:
        from.u64();
        return true;
      case OP.MARK:
        stack.mark();
        return true;
      case OP.POP:
        stack.discard();
        return true;
      case OP.POP_MARK:
        stack.popMark();
        return true;
      case OP.DUP:
        stack.push(stack.top());
        return true;
      case OP.MEMOIZE:
        stack.memoize();
        return true;
      case OP.PUT:
        stack.memoize(Number(lineToInteger(from.line().toString('latin1'), false)));
        return true;
      case OP.BINPUT:
        stack.memoize(from.u8());
        return true;
      case OP.LONG_BINPUT:
        stack.memoize(from.u32());
        return true;
      case OP.GET:
        stack.push(stack.recall(Number(lineToInteger(from.line().toString('latin1'), false))));
        return true;
      case OP.BINGET:
        stack.push(stack.recall(from.u8()));
        return true;
      case OP.LONG_BINGET:
        stack.push(stack.recall(from.u32()));
        return true;
      default:
        return false;
    }
  }

  #object(op: number): boolean {
    const stack = this.#stack;
    switch (op) {
      case OP.GLOBAL:
        stack.add(this.#globalLine());
        return true;
      case OP.STACK_GLOBAL: {
        const qualname = name(stack.pop());
        stack.add(new PyGlobal(name(stack.pop()), qualname));
        return true;
      }
      case OP.REDUCE:
      case OP.NEWOBJ: {
        const args = tupleItems(stack.pop());
        stack.add(new PyCall(callee(stack.pop()), args));
        return true;
      }
      case OP.NEWOBJ_EX: {
        const kwargs = stack.pop();
        const args = tupleItems(stack.pop());
        stack.add(new PyCall(callee(stack.pop()), args, kwargs));
        return true;
      }
      case OP.INST: {
        const made = this.#globalLine();
        stack.add(new PyCall(made, stack.popMark()));
        return true;
      }
      case OP.OBJ: {
        const [made = null, ...args] = stack.popMark();
        stack.add(new PyCall(callee(made), args));
        return true;
      }
      case OP.BUILD: {
        const state = stack.pop();
        const object = stack.top();
        if (!(object instanceof PyCall)) throw decodeFailed('pickle', 'BUILD on something that is no object');
        object.state = state;
        return true;
      }
      default:
        return false;
    }
  }

  #globalLine(): PyGlobal {
    const module = bytesToText(this.#in.line());
    return new PyGlobal(module, bytesToText(this.#in.line()));
  }
}

function addItems<T extends Node>(target: T, items: readonly Node[]): T {
  if (target instanceof PyList || target instanceof PySet) pushAll(target.items, items);
  else if (target instanceof PyCall) pushAll((target.items ??= []), items);
  else throw decodeFailed('pickle', 'items added to something that is no list or set');
  return target;
}

function addPairs<T extends Node>(target: T, pairs: readonly Node[]): T {
  if (pairs.length % 2 !== 0) throw decodeFailed('pickle', 'a dict key without value');
  if (target instanceof PyDict) pushAll(target.pairs, pairs);
  else if (target instanceof PyCall) pushAll((target.pairs ??= []), pairs);
  else throw decodeFailed('pickle', 'entries added to something that is no dict');
  return target;
}

/** Not `push(...items)`: a million arguments would overflow the call stack. */
function pushAll(target: Node[], items: readonly Node[]): void {
  for (const item of items) target.push(item);
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
